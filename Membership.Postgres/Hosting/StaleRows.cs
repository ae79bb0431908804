using System.Collections.Concurrent;
using Firezone.Membership.Postgres.Detection;
using Firezone.Membership.Postgres.Probing;
using Firezone.Membership.Postgres.Table;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>
/// Retires what a cluster that ended without a goodbye left in the table. Orleans lets no silo join before every active one has answered
/// it, and only an active silo finds out that others are gone: after all have been killed the first to start would wait for minutes.
/// </summary>
/// <remarks>
/// A row goes when no session holds its silo's lock and either the endpoint refuses connections, or nothing has answered there twice and the
/// row's last sign of life, by the database's clock, is older than a living silo's can be.
/// </remarks>
internal sealed partial class StaleRows(
    PostgresMembershipTable table,
    SiloAddress self,
    IOptions<PostgresMembershipOptions> options,
    IOptions<ClusterMembershipOptions> orleans,
    TimeProvider time,
    ILogger<StaleRows> logger)
{
    private readonly ConcurrentDictionary<SiloId, byte> _silent = [];

    // One missed publication and a half.
    private TimeSpan LongestSign => orleans.Value.IAmAliveTablePublishTimeout * 1.5;

    /// <summary>One pass.</summary>
    /// <returns>Whether rows are left that may still turn out to be stale.</returns>
    internal async Task<bool> RetireAsync(CancellationToken cancellationToken)
    {
        var rows = await table.SurveyAsync(cancellationToken);
        // Older starts at the own address are Orleans' business; it retires them itself.
        var others = rows.Where(row => !row.Silo.ToAddress().Endpoint.Equals(self.Endpoint)).ToList();
        var kept = await Task.WhenAll(others.Select(row => KeepAsync(row, cancellationToken)));
        return kept.Any(doubtful => doubtful);
    }

    private async Task<bool> KeepAsync(RowSurvey row, CancellationToken cancellationToken)
    {
        var reached = await SiloProber.ConnectAsync(row.Silo.ToAddress().Endpoint, options.Value.ProbeTimeout, time, cancellationToken);
        if (reached is not { } outcome)
            return false;
        // A held lock is a sign of life; that of a lost host is freed by the server some 12 s later. And who could not ask knows nothing.
        if (row.LockHeld || outcome == ProbeOutcome.Unknown || (outcome != ProbeOutcome.Refused && row.SinceIAmAlive <= LongestSign))
            return true;
        // One packet may be lost.
        if (outcome != ProbeOutcome.Refused && _silent.TryAdd(row.Silo, 0))
            return true;
        if (await table.TryDeclareDeadAsync(row.Silo, self, cancellationToken))
        {
            Retired(row.Silo, row.Status, outcome, row.SinceIAmAlive.TotalSeconds);
            return false;
        }

        return true;
    }

    [LoggerMessage(EventId = 7221, Level = LogLevel.Warning,
        Message = "Silo {Silo} ({Status}) was left in the table by an earlier run and is retired: {Outcome}, last sign of life {Seconds:F0} s ago")]
    private partial void Retired(SiloId silo, SiloStatus status, ProbeOutcome outcome, double seconds);
}
