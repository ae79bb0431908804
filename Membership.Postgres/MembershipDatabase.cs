using Npgsql;

namespace Firezone.Membership.Postgres;

/// <summary>
/// The connections of one process: a small pool for statements, and sessions of their own for LISTEN, NOTIFY and the waiting for locks.
/// All lead to the primary of a multi-host connection string. Owned by the service container.
/// </summary>
public sealed class MembershipDatabase : IAsyncDisposable
{
    // Linux' own default is to ask after two hours. Without effect on a Unix socket.
    private const string ServerKeepAlive =
        "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set tcp_user_timeout = 12000";

    private readonly NpgsqlDataSource _pool;
    private readonly NpgsqlDataSource _sessions;
    private readonly NpgsqlMultiHostDataSource _poolHosts;
    private readonly NpgsqlMultiHostDataSource _sessionHosts;

    /// <exception cref="ArgumentException">The connection string is not one.</exception>
    public MembershipDatabase(string connectionString, string clusterId)
    {
        ClusterId = clusterId;
        var pool = Settings(connectionString);
        pool.Pooling = true;
        pool.MinPoolSize = 0;
        pool.MaxPoolSize = 4;
        // Nothing that a session could keep is ever set on these; the reset would be one more statement each time.
        pool.NoResetOnClose = true;
        _poolHosts = new NpgsqlDataSourceBuilder(pool.ConnectionString) { Name = "orleans-membership" }.BuildMultiHost();
        _pool = _poolHosts.WithTargetSession(TargetSessionAttributes.Primary);

        var sessions = Settings(connectionString);
        sessions.Pooling = false;
        // Seconds of silence after which a waiting session asks the server whether it is there.
        sessions.KeepAlive = 5;
        sessions.CommandTimeout = 0;
        _sessionHosts = new NpgsqlDataSourceBuilder(sessions.ConnectionString) { Name = "orleans-membership-sessions" }.BuildMultiHost();
        _sessions = _sessionHosts.WithTargetSession(TargetSessionAttributes.Primary);
    }

    /// <summary>Value of <c>ClusterOptions.ClusterId</c>; <c>DeploymentId</c> in the tables.</summary>
    public string ClusterId { get; }

    /// <summary>For statements on the table. Connections come back unreset: set nothing on them.</summary>
    public NpgsqlDataSource Pool => _pool;

    /// <summary>
    /// A connection of its own for a long life, kept alive from both ends, so that the server ends it, and frees its locks, some 12 s
    /// after its host has vanished. The caller disposes it.
    /// </summary>
    public async Task<NpgsqlConnection> OpenSessionAsync(CancellationToken cancellationToken)
    {
        var connection = await _sessions.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(ServerKeepAlive, connection) { CommandTimeout = 5 };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _poolHosts.DisposeAsync();
        await _sessionHosts.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "orleans-membership",
            Timeout = 5,
            Enlist = false,
            Multiplexing = false,
            // The older form of the tables has time stamps without a zone, which are UTC.
            Timezone = "UTC",
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 2,
            // How long an abandoned statement on a silent connection keeps its place in the pool, in milliseconds.
            CancellationTimeout = 500,
        };
        // One broken connection makes Npgsql take the whole host for offline and refuse to try it for this long, 10 s unless told otherwise:
        // a silo could not take its lock again. With several hosts a dead one is passed over for a second.
        settings.HostRecheckSeconds = settings.Host?.Contains(',') == true ? 1 : 0;
        return settings;
    }
}
