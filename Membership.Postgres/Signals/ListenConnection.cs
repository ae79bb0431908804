using Firezone.Membership.Postgres.Locks;
using Npgsql;

namespace Firezone.Membership.Postgres.Signals;

/// <summary>One session that listens, from its opening to its end. For one call at a time.</summary>
internal sealed class ListenConnection : IAsyncDisposable
{
    /// <summary>Limit of each statement, in seconds.</summary>
    private const int StatementTimeout = 3;

    private readonly MembershipDatabase _db;
    private readonly NpgsqlConnection _connection;
    private readonly string _channel;
    private readonly string _probe = SignalCodec.Probe(Guid.NewGuid());
    private bool _probeHeard;

    private ListenConnection(MembershipDatabase db, NpgsqlConnection connection, Action<string> heard)
    {
        _db = db;
        _connection = connection;
        _channel = ChannelName.For(db.ClusterId);
        _connection.Notification += (_, e) =>
        {
            if (e.Payload == _probe)
                _probeHeard = true;
            else if (e.Channel == _channel)
                heard(e.Payload);
        };
    }

    /// <summary>Connects and listens.</summary>
    /// <param name="heard">Called with each payload, one at a time, only while a call on this object is under way. Must not throw.</param>
    public static async Task<ListenConnection> OpenAsync(MembershipDatabase db, Action<string> heard, CancellationToken ct)
    {
        var opened = new ListenConnection(db, await db.OpenSessionAsync(ct), heard);
        try
        {
            await using var listen = opened.Command($"listen {opened._channel}");
            await listen.ExecuteNonQueryAsync(ct);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Returns when a notification of this session's own has arrived. It is sent from another session: a pooler in transaction mode lets
    /// through what arrives during a statement of one's own and drops the rest.
    /// </summary>
    /// <exception cref="SignalsSwallowedException">It did not arrive within the limit.</exception>
    public async Task ProveAsync(TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        await using (var other = await _db.OpenSessionAsync(ct))
        {
            await using var notify = new NpgsqlCommand("select pg_notify($1, $2)", other)
            {
                CommandTimeout = StatementTimeout,
                Parameters = { new NpgsqlParameter<string> { TypedValue = _channel }, new NpgsqlParameter<string> { TypedValue = _probe } },
            };
            await notify.ExecuteNonQueryAsync(ct);
        }

        var start = time.GetTimestamp();
        while (!_probeHeard)
        {
            var rest = limit - time.GetElapsedTime(start);
            if (rest <= TimeSpan.FromMilliseconds(1) || !await _connection.WaitAsync(rest, ct) && !_probeHeard)
                throw new SignalsSwallowedException();
        }
    }

    /// <summary>Takes the lock for the life of this session, unless another session has it.</summary>
    public async Task<bool> TryLockAsync(SessionLockKey key, CancellationToken ct)
    {
        await using var command = Command("select pg_try_advisory_lock($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.Cluster });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.Silo });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>
    /// Returns after something was heard, or after the limit. Without a limit, Npgsql asks the server after 5 s of silence whether it is
    /// there, and the call fails when there is no answer for another 5 s.
    /// </summary>
    public Task WaitAsync(TimeSpan? limit, CancellationToken ct) =>
        limit is { } some ? _connection.WaitAsync(some, ct) : _connection.WaitAsync(ct);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private NpgsqlCommand Command(string sql) => new(sql, _connection) { CommandTimeout = StatementTimeout };
}
