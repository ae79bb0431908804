using System.Reflection;
using Firezone.Grains.Hosting;
using Firezone.Grains.Sessions;
using Firezone.Membership.Postgres.Telemetry;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Availability;
using Firezone.Storage.Postgres.Retention;
using Firezone.Storage.Postgres.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Firezone.Grains.Status;

/// <inheritdoc cref="ISiloReporter" />
[Reentrant]
public sealed class SiloReporter(GrainId id, Silo silo, ILoggerFactory loggers, IServiceProvider services)
    : GrainService(id, silo, loggers), ISiloReporter
{
    // Without the commit that the compiler appends.
    private static readonly string Version = typeof(SiloReporter).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private readonly long _started = services.GetRequiredService<TimeProvider>().GetTimestamp();

    /// <inheritdoc />
    public Task<SiloReport> Report() => Task.FromResult(new SiloReport(
        Version,
        services.GetRequiredService<GrainsOptions>().Region,
        Roles(),
        services.GetRequiredService<LocalSessions>().Count,
        Environment.WorkingSet,
        services.GetService<ConnectGate>()?.State switch
        {
            CircuitState.Open => "open",
            CircuitState.HalfOpen => "half open",
            _ => "closed",
        },
        [.. services.GetService<Database>()?.Replicas.Select(r => new ReplicaReport(r.Host, Name(r.State), r.LagBytes, r.LagSeconds)) ?? []],
        [.. services.GetService<MembershipJournal>()?.Events.Select(View) ?? []],
        _time.GetElapsedTime(_started)));

    private string[] Roles()
    {
        var roles = services.GetRequiredService<SiloRoles>().Held;
        return services.GetService<RetentionMetrics>()?.IsElected == true ? [.. roles, "housekeeping"] : roles;
    }

    private static MemberEvent View(MembershipEvent seen) =>
        new(seen.At, seen.Silo.ToParsableString(), seen.SiloName, seen.Kind.ToString(), seen.Detail);

    private static string Name(ReplicaState state) => state switch
    {
        ReplicaState.Usable => "usable",
        ReplicaState.Lagging => "lagging",
        ReplicaState.Diverged => "diverged",
        ReplicaState.NotAStandby => "not a standby",
        _ => "unreachable",
    };
}
