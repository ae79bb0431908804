using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Table;

/// <summary>
/// Orleans' membership table in the tables of the ADO.NET provider, so that silos of both kinds can form one cluster. Every change of the
/// version is notified. Times of rows are in the database's clock. Safe for use by several threads.
/// </summary>
/// <remarks>
/// Operations throw <see cref="TimeoutException"/> after <see cref="PostgresMembershipOptions.TableTimeout"/> and
/// <see cref="Npgsql.NpgsqlException"/> when the database refuses or cannot be reached; what becomes of them while leaving is said at
/// <see cref="Leaving"/>.
/// </remarks>
public sealed partial class PostgresMembershipTable : IMembershipTable
{
    // The tables may have to be made, behind other silos that do so too.
    private static readonly TimeSpan SchemaLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SchemaRetry = TimeSpan.FromSeconds(1);

    private readonly TableClient _client;
    private readonly MembershipSchema _schema;
    private readonly PostgresMembershipOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PostgresMembershipTable> _log;
    private readonly string _cluster;

    /// <param name="db">Leads to the tables; stays the caller's.</param>
    /// <param name="options">Limits, and whether the tables may be made.</param>
    /// <param name="time">The local clock, by which Orleans' entries are dated.</param>
    /// <param name="log">Receives one line per change of state.</param>
    public PostgresMembershipTable(
        MembershipDatabase db, IOptions<PostgresMembershipOptions> options, TimeProvider time, ILogger<PostgresMembershipTable> log)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _time = time;
        _log = log;
        _cluster = db.ClusterId;
        _client = new TableClient(db, time);
        _schema = new MembershipSchema(db, _options.CreateSchema, log);
    }

    public async Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(SchemaLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await EnsureSchemaAsync(both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The membership tables were not ready within {SchemaLimit.TotalSeconds} s.", e);
        }
        if (tryInitTableVersion && await CountAsync(TableStatements.InsertVersion, [_cluster], cancellationToken) > 0)
            LogVersionCreated(_log, _cluster);
    }

    /// <summary>A silo that starts while the server is away waits for it: Orleans itself would give up at the first failure.</summary>
    private async Task EnsureSchemaAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _schema.EnsureAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && TableClient.IsDatabaseFailure(e) && e is not Npgsql.PostgresException { IsTransient: false })
            {
                if (attempt == 1)
                    LogWaitingForServer(_log, e);
                await Task.Delay(SchemaRetry, _time, cancellationToken);
            }
        }
    }

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default) =>
        CountAsync(TableStatements.Delete, [clusterId], cancellationToken);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default) =>
        CountAsync(TableStatements.Cleanup, [_cluster, _client.Shift.ToDatabase(beforeDate.UtcDateTime)], cancellationToken);

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var content = await ReadAsync(TableStatements.ReadRow, Key(key), cancellationToken);
        return content.ToData(_client.Shift);
    }

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        TableContent content;
        try
        {
            content = await ReadAsync(TableStatements.ReadAll, [_cluster], cancellationToken);
            Remember(content);
        }
        catch (Exception e) when (Leaving && TableClient.IsDatabaseFailure(e) && Remembered is { } last)
        {
            GoWithoutDatabase(e);
            content = last;
        }
        return content.ToData(_client.Shift);
    }

    public async Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(tableVersion);
        Self = entry.SiloAddress;
        if (!TryGetVersion(tableVersion, out var version))
            return false;
        var row = TableRow.Of(entry, _client.Shift, "");
        return await CountAsync(
            TableStatements.Insert,
            [
                .. Key(row.Silo), version, row.SiloName, row.HostName, (int)row.Status, row.ProxyPort, row.SuspectTimes,
                row.StartTime, row.IAmAliveTime,
            ],
            cancellationToken) > 0;
    }

    public async Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(etag);
        ArgumentNullException.ThrowIfNull(tableVersion);
        if (!TryGetVersion(tableVersion, out var version))
            return false;
        var row = TableRow.Of(entry, _client.Shift, etag);
        var written = false;
        try
        {
            written = await CountAsync(
                TableStatements.Update,
                [.. Key(row.Silo), version, etag, (int)row.Status, row.SuspectTimes, row.IAmAliveTime],
                cancellationToken) > 0;
        }
        catch (Exception e) when (Leaving && TableClient.IsDatabaseFailure(e) && IsOwnEnd(row))
        {
            GoWithoutDatabase(e);
            written = true;
        }
        if (written)
            RememberWrite(row, version + 1);
        return written;
    }

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return CountAsync(
            TableStatements.UpdateIAmAlive, [.. Key(entry.SiloAddress), _client.Shift.ToDatabase(entry.IAmAliveTime)], cancellationToken);
    }

    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(CancellationToken.None);

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, CancellationToken.None);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    private async Task<TableContent> ReadAsync(string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        var rows = await _client.QueryAsync(
            sql, parameters, Limit, static reader => (Version: reader.GetInt32(1), Row: TableRow.Read(reader)), cancellationToken);
        return rows.Count == 0 ? TableContent.Empty : new(rows[0].Version, rows.Select(row => row.Row).OfType<TableRow>().ToList());
    }

    private async Task<int> CountAsync(string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        var counts = await _client.QueryAsync(sql, parameters, Limit, static reader => reader.GetInt32(1), cancellationToken);
        return counts[0];
    }

    private object?[] Key(SiloAddress silo) => [_cluster, silo.Endpoint.Address.ToString(), silo.Endpoint.Port, silo.Generation];

    // The writer's expectation is in the ETag; the number is already that of the version to come.
    private static bool TryGetVersion(TableVersion expected, out int version) =>
        int.TryParse(expected.VersionEtag, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out version);

    [LoggerMessage(7014, LogLevel.Warning, "The database of the membership table does not answer; the start waits for it")]
    private static partial void LogWaitingForServer(ILogger log, Exception e);

    [LoggerMessage(7010, LogLevel.Information, "The membership table has a version for cluster {Cluster} now")]
    private static partial void LogVersionCreated(ILogger log, string cluster);
}
