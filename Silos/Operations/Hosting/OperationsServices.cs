using Firezone.Grains.Status;
using Firezone.Membership.Postgres.Telemetry;
using Firezone.Storage.Postgres.Secrets;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Firezone.Silos.Operations.Hosting;

/// <summary>What the pages for operators take from the silo beside which they run.</summary>
internal sealed record OperationsServices(
    IServiceProvider Silo,
    OperationsOptions Options,
    IGrainFactory Grains,
    IClusterMembershipService Membership,
    ISiloMetadataCache Places,
    SiloReports Reports,
    MembershipJournal Journal,
    ClusterSecrets Secrets,
    TimeProvider Time,
    ILoggerFactory Loggers);
