using System.Diagnostics;
using System.Globalization;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Firezone.Shared;

/// <summary>
/// A primary with hot standbys by streaming replication, for one test or, as a fixture, for one test class. It has one database with the
/// current schema, and counts statements on every server.
/// </summary>
public sealed class PostgresCluster : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>The database that all servers have.</summary>
    public const string Database = "firezone";

    private const string Prefix = "firezone-cluster-";

    private readonly List<PostgresNode> _nodes = [];
    private string _directory = "";

    /// <summary>The server that was started as the primary.</summary>
    public PostgresNode Primary => _nodes[0];

    /// <summary>The first standby.</summary>
    public PostgresNode Standby => _nodes[1];

    /// <summary>All standbys.</summary>
    public IEnumerable<PostgresNode> Standbys => _nodes.Skip(1);

    /// <summary>How to connect to the cluster with all hosts listed, the first primary first.</summary>
    public string ConnectionString => Listing(_nodes);

    /// <summary>How to connect to the standbys, all of them listed.</summary>
    public string StandbyConnectionString => Listing(Standbys);

    /// <summary>Starts the servers; all of them have the database when it returns.</summary>
    public static async Task<PostgresCluster> StartAsync(int standbys = 1)
    {
        var cluster = new PostgresCluster();
        try
        {
            await cluster.StartServersAsync(standbys);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Commits on the primary wait until the first standby has them on disk, or, if false, for nobody.
    /// </summary>
    public async Task SetSynchronousAsync(bool synchronous)
    {
        await Primary.SetAsync("synchronous_standby_names", synchronous ? Standby.Name : "");
        var wanted = synchronous ? "sync" : "async";
        while (await Primary.ScalarAsync<long>(
            $"select count(*) from pg_stat_replication where application_name = '{Standby.Name}' and sync_state = '{wanted}'") == 0)
            await Pause();
    }

    /// <summary>Waits until the standbys show all that is committed on the primary by now.</summary>
    public async Task WaitUntilReplayedAsync()
    {
        var position = await Primary.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text", "postgres");
        foreach (var standby in Standbys)
        {
            while (!await standby.ScalarAsync<bool>($"select coalesce(pg_last_wal_replay_lsn() >= '{position}', false)", "postgres"))
                await Pause();
        }
    }

    /// <summary>Starts <c>pg_stat_statements</c> anew on all servers.</summary>
    public async Task ResetStatementsAsync()
    {
        foreach (var node in _nodes)
            await node.ExecuteAsync("select pg_stat_statements_reset()");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.AsEnumerable().Reverse())
            await node.DisposeAsync();
        // The test runner kills this process soon; the removal outlives it.
        if (_directory.Length > 0)
            Process.Start("rm", ["-rf", _directory]).Dispose();
    }

    async Task IAsyncLifetime.InitializeAsync() => await StartServersAsync(standbys: 1);

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    private async Task StartServersAsync(int standbys)
    {
        await RemoveLeftoversAsync();
        _directory = Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}");
        var primary = Add("primary", Path.Combine(_directory, "primary"), []);
        await primary.StartAsync();
        // The copies are made of a server at rest.
        await primary.StopAsync();
        _directory = Path.GetDirectoryName(primary.Directory)!;
        for (var number = 1; number <= standbys; number++)
        {
            var name = $"standby{number}";
            var standby = Add(name, Path.Combine(_directory, name), new()
            {
                ["primary_conninfo"] = string.Create(
                    CultureInfo.InvariantCulture, $"host=127.0.0.1 port={primary.Port} user=postgres application_name={name}"),
            });
            await CopyAsync(primary.Directory, standby.Directory);
        }

        foreach (var node in _nodes)
            await node.StartAsync();
        await SchemaMigrator.MigrateAsync(primary.ConnectionString(), NullLogger.Instance, CancellationToken.None);
        await primary.ExecuteAsync("create extension pg_stat_statements");
        await WaitUntilReplayedAsync();
    }

    private PostgresNode Add(string name, string directory, Dictionary<string, string> settings)
    {
        settings["max_connections"] = "300";
        settings["shared_preload_libraries"] = "pg_stat_statements";
        settings["pg_stat_statements.max"] = "10000";
        settings["autovacuum"] = "off";
        // Durable for those who kill a server, not for those who cut the power.
        settings["synchronous_commit"] = "on";
        settings["wal_keep_size"] = "256MB";
        settings["wal_retrieve_retry_interval"] = "100ms";
        var node = new PostgresNode(name, directory, settings);
        _nodes.Add(node);
        return node;
    }

    private static string Listing(IEnumerable<PostgresNode> nodes)
    {
        PostgresNode[] listed = [.. nodes];
        var settings = new NpgsqlConnectionStringBuilder(listed[0].ConnectionString());
        if (listed.Length > 1)
        {
            settings.Host = string.Join(',', listed.Select(node => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}")));
            settings.Remove("Port");
        }

        return settings.ConnectionString;
    }

    private static async Task CopyAsync(string from, string to)
    {
        Directory.CreateDirectory(to);
        using var copy = Process.Start("cp", ["-a", Path.Combine(from, "data"), to]);
        await copy.WaitForExitAsync();
        if (copy.ExitCode != 0)
            throw new InvalidOperationException($"{from} could not be copied.");
        await File.WriteAllTextAsync(Path.Combine(to, "data", "standby.signal"), "");
    }

    private static Task Pause() => Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);

    // What test processes left that were killed. The kernel ends their servers with them, but not those that stand still.
    private static async Task RemoveLeftoversAsync()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(directory)[Prefix.Length..].Split('-')[0];
            if (Directory.Exists("/proc/" + owner))
                continue;
            foreach (var node in Directory.EnumerateDirectories(directory))
            {
                if (PostgresNode.ProcessOf(node) is { } process && IsServerOf(process, node))
                    await ProcessTree.KillAsync(process);
            }

            Process.Start("rm", ["-rf", directory]).Dispose();
        }
    }

    private static bool IsServerOf(int process, string node)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains(node, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
