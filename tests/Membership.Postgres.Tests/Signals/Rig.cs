using System.Net;
using Firezone.Membership.Postgres.Locks;
using Firezone.Membership.Postgres.Signals;
using Firezone.Shared;
using Npgsql;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Signals;

/// <summary>A cluster of one test: its name, a silo of it, ways to connect, and an administrator's view of the server.</summary>
internal sealed class Rig(PostgresFixture postgres) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];

    public string ClusterId { get; } = $"cluster {Guid.NewGuid():N}";

    public SiloId Silo { get; } = SiloId.Of(SiloAddress.New(new IPEndPoint(IPAddress.Parse("10.0.0.7"), 11111), 7));

    public SessionLockKey Key => SessionLockKey.For(ClusterId, Silo);

    public string Channel => ChannelName.For(ClusterId);

    public RecordingHandler Handler { get; } = new();

    public Counts Counts { get; } = new();

    public LogLines<SignalSession> SessionLog { get; } = new();

    public LogLines<SignalSender> SenderLog { get; } = new();

    public MembershipDatabase Database(string? connectionString = null) =>
        Own(new MembershipDatabase(connectionString ?? postgres.ConnectionString, ClusterId));

    public FaultProxy Proxy() => Own(new FaultProxy(ServerPort));

    public int ServerPort => new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Port;

    public string Via(int port) =>
        new NpgsqlConnectionStringBuilder(postgres.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;

    public SignalSession Session(MembershipDatabase? database = null, bool withLock = true) =>
        Own(new SignalSession(database ?? Database(), withLock ? Key : null, Handler, TimeProvider.System, Counts.Metrics, SessionLog));

    public SignalSender Sender(MembershipDatabase? database = null, TimeProvider? time = null) =>
        Own(new SignalSender(database ?? Database(), time ?? TimeProvider.System, Counts.Metrics, SenderLog));

    public Task NotifyAsync(string payload) => postgres.ExecuteAsync("select pg_notify($1, $2)", Channel, payload);

    /// <summary>The backend that holds the silo's lock, or null.</summary>
    public async Task<int?> HolderAsync() => await postgres.ScalarAsync<int>(
        "select coalesce(max(pid), 0) from pg_locks where locktype = 'advisory' and granted and mode = 'ExclusiveLock' and classid::int8 = $1 and objid::int8 = $2",
        (long)(uint)Key.Cluster,
        (long)(uint)Key.Silo) is var pid and > 0 ? pid : null;

    /// <summary>Backends that have or want the silo's lock in shared mode.</summary>
    public Task<long> WaitersAsync() => postgres.ScalarAsync<long>(
        "select count(*) from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and classid::int8 = $1 and objid::int8 = $2",
        (long)(uint)Key.Cluster,
        (long)(uint)Key.Silo);

    public Task TerminateAsync(int pid) => postgres.ScalarAsync<bool>("select pg_terminate_backend($1)", pid);

    /// <summary>A session that holds the silo's lock.</summary>
    public async Task<NpgsqlConnection> HoldLockAsync()
    {
        var holder = Own(new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false"));
        await holder.OpenAsync();
        await using var command = new NpgsqlCommand($"select pg_advisory_lock({Key.Cluster}, {Key.Silo})", holder);
        await command.ExecuteNonQueryAsync();
        return holder;
    }

    /// <summary>Asks the server again until it is so; each question is a round trip.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan? limit = null)
    {
        using var end = new CancellationTokenSource(limit ?? RecordingHandler.Patience);
        while (!await isSo())
        {
            end.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
        Counts.Dispose();
    }

    public T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
