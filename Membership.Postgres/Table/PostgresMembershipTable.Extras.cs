using Firezone.Membership.Postgres.Locks;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Table;

public sealed partial class PostgresMembershipTable
{
    // Each further look means that another writer got the version; a lost race costs a round trip only.
    private const int Looks = 20;

    /// <summary>Writes the silo down as dead, with a vote of the silo that found out, whatever the present version is.</summary>
    /// <returns>
    /// Whether its row is dead, or gone, afterwards, by whomever. False also when the database cannot be reached: not known then.
    /// </returns>
    public async Task<bool> TryDeclareDeadAsync(SiloId silo, SiloAddress by, CancellationToken ct = default) =>
        (await DeclareDeadAsync(silo, by, ct)).IsDead;

    /// <summary>As <see cref="TryDeclareDeadAsync"/>, and whether it was this call that wrote it.</summary>
    internal async Task<(bool IsDead, bool Written)> DeclareDeadAsync(SiloId silo, SiloAddress by, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(by);
        var shift = _client.Shift;
        object?[] parameters = [.. Key(silo.ToAddress()), SuspectTimesText.FormatVote(by, _time.GetUtcNow().UtcDateTime, shift)];
        try
        {
            return await SettleAsync(TableStatements.DeclareDead, parameters, static status => status is null or SiloStatus.Dead, ct);
        }
        catch (Exception e) when (TableClient.IsDatabaseFailure(e))
        {
            LogNotDeclaredDead(_log, silo, e);
            return (false, false);
        }
    }

    /// <summary>All silos of the cluster that are not dead by the table, and whether their processes still have sessions.</summary>
    public async Task<IReadOnlyList<RowSurvey>> SurveyAsync(CancellationToken ct = default)
    {
        // The keys of the locks are unsigned in the server's view.
        var first = (long)(uint)SessionLockKey.For(_cluster, new SiloId("")).Cluster;
        return await _client.QueryAsync(
            TableStatements.Survey,
            [_cluster, first],
            Limit,
            reader =>
            {
                var silo = SiloId.Of(TableRow.ReadAddress(reader, 1));
                var age = reader.GetDateTime(0) - reader.GetDateTime(5);
                var held = reader.GetFieldValue<long[]>(6);
                return new RowSurvey(
                    silo,
                    (SiloStatus)reader.GetInt32(4),
                    age < TimeSpan.Zero ? TimeSpan.Zero : age,
                    held.Contains((uint)SessionLockKey.For(_cluster, silo).Silo));
            },
            ct);
    }

    /// <summary>The silos that serve external clients, and the table's version.</summary>
    public async Task<GatewayList> ReadGatewaysAsync(CancellationToken ct = default)
    {
        var rows = await _client.QueryAsync(
            TableStatements.ReadGateways,
            [_cluster],
            Limit,
            static reader => (Version: reader.GetInt32(1), Entry: reader.IsDBNull(2) ? null : ReadGateway(reader)),
            ct);
        return rows.Count == 0 ? new(0, []) : new(rows[0].Version, rows.Select(row => row.Entry).OfType<GatewayEntry>().ToList());
    }

    private static GatewayEntry ReadGateway(Npgsql.NpgsqlDataReader reader)
    {
        var silo = TableRow.ReadAddress(reader, 2);
        var gateway = SiloAddress.New(silo.Endpoint.Address, reader.GetInt32(6), silo.Generation);
        return new(SiloId.Of(silo), (SiloStatus)reader.GetInt32(5), gateway);
    }

    private async Task<(bool Settled, bool Written)> SettleAsync(string sql, object?[] parameters, Func<SiloStatus?, bool> isSettled, CancellationToken ct)
    {
        for (var look = 0; look < Looks; look++)
        {
            var answers = await _client.QueryAsync(
                sql,
                parameters,
                Limit,
                static reader => (Seen: reader.IsDBNull(1) ? null : (SiloStatus?)reader.GetInt32(1), Changed: reader.GetInt32(2) > 0),
                ct);
            if (answers[0].Changed || isSettled(answers[0].Seen))
                return (true, answers[0].Changed);
        }

        return (false, false);
    }

    [LoggerMessage(7012, LogLevel.Warning, "Silo {Silo} could not be written down as dead")]
    private static partial void LogNotDeclaredDead(ILogger log, SiloId silo, Exception e);
}
