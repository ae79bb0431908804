using System.Diagnostics;
using Firezone.Storage.Postgres.Embedded;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Embedded;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"firezone-embedded-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_durable_server_keeps_its_data_its_password_and_its_port()
    {
        string connectionString;
        int port;
        await using (var first = await StartAsync())
        {
            connectionString = first.ConnectionString();
            port = first.Port;
            await SchemaMigrator.MigrateAsync(connectionString, NullLogger.Instance, CancellationToken.None);
            await QueryAsync(connectionString, "insert into accounts (slug, name) values ('kept', 'Kept') returning slug");
            var wrong = new NpgsqlConnectionStringBuilder(connectionString) { Password = "wrong" }.ConnectionString;
            await Assert.ThrowsAsync<PostgresException>(() => QueryAsync(wrong, "select 'in'"));
        }
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => QueryAsync(connectionString, "select 'up'"));

        await using var second = await StartAsync();
        Assert.Equal(port, second.Port);
        Assert.Equal(connectionString, second.ConnectionString());
        Assert.Equal("kept", await QueryAsync(connectionString, "select slug from accounts"));
    }

    [Fact]
    public async Task A_second_owner_joins_the_running_server_and_leaves_it_running()
    {
        await using var first = await StartAsync();
        await using (var second = await StartAsync())
            Assert.Equal(first.Port, second.Port);
        Assert.Equal("up", await QueryAsync(first.ConnectionString("postgres"), "select 'up'"));
    }

    [Fact]
    public async Task A_server_that_outlived_its_host_is_taken_over()
    {
        int port;
        Process orphan;
        await using (var first = await StartAsync())
            port = first.Port;
        // As a host leaves it that was killed where the kernel could not be asked to stop its children.
        var bin = await new PostgresBinaries(SearchPlaces.OfThisMachine(), NullLogger.Instance).LocateAsync(null, CancellationToken.None);
        var start = new ProcessStartInfo(
            Path.Combine(bin, "postgres"),
            ["-D", Path.Combine(_directory, "data"), "-p", $"{port}", "-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1"])
        {
            WorkingDirectory = _directory,
            RedirectStandardError = true,
        };
        ServerUser.Apply(start);
        orphan = Process.Start(start)!;
        orphan.BeginErrorReadLine();
        var pidFile = Path.Combine(_directory, "data", "postmaster.pid");
        while (!File.Exists(pidFile) || (await File.ReadAllLinesAsync(pidFile)).Length < 4)
            await Task.Yield();

        await using (var second = await StartAsync())
        {
            Assert.Equal(port, second.Port);
            Assert.Equal(
                "data", await QueryAsync(second.ConnectionString("postgres"), "select reverse(split_part(reverse(current_setting('data_directory')), '/', 1))"));
            Assert.False(orphan.HasExited);
        }
        await orphan.WaitForExitAsync();
        orphan.Dispose();
    }

    [Fact]
    public async Task A_taken_port_is_reported_with_the_servers_own_words()
    {
        await using var first = await StartAsync();
        var other = _directory + "-other";
        try
        {
            var failure = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(
                new() { DataDirectory = other, Durable = false, Port = first.Port }, NullLogger.Instance, CancellationToken.None));
            Assert.Contains("Address already in use", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task Root_gets_another_directory_when_the_servers_user_cannot_reach_the_wanted_one()
    {
        var closed = Path.Combine(_directory, "closed");
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var server = await EmbeddedPostgres.StartAsync(
            new() { DataDirectory = Path.Combine(closed, "data"), Durable = false }, NullLogger.Instance, CancellationToken.None);
        Assert.Equal(!ServerUser.IsNeeded, server.DataDirectory.StartsWith(closed, StringComparison.Ordinal));
        await server.DisposeAsync();
        Directory.Delete(server.DataDirectory, recursive: true);
    }

    [Fact]
    public async Task Without_binaries_the_message_names_the_commands_that_help()
    {
        var nothing = new PostgresBinaries(
            new SearchPlaces { DistributionRoot = _directory, NpmCache = _directory }, NullLogger.Instance);
        var failure = await Assert.ThrowsAsync<PostgresNotFoundException>(() => nothing.LocateAsync(null, CancellationToken.None));
        Assert.Contains("apt-get install", failure.Message, StringComparison.Ordinal);
        Assert.Contains("npm ci --ignore-scripts --prefix", failure.Message, StringComparison.Ordinal);
        Assert.Contains("FIREZONE_PG_BIN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explicit_directory_without_the_programs_is_not_passed_over()
    {
        var wrong = new PostgresBinaries(SearchPlaces.OfThisMachine() with { Explicit = "/nowhere" }, NullLogger.Instance);
        var failure = await Assert.ThrowsAsync<PostgresNotFoundException>(() => wrong.LocateAsync(null, CancellationToken.None));
        Assert.Contains("/nowhere", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_of_the_distributions_versions_comes_first_and_npm_before_it()
    {
        var distribution = Path.Combine(_directory, "lib");
        foreach (var version in new[] { "9", "15", "17" })
            FakeBinaries(Path.Combine(distribution, version, "bin"));
        Directory.CreateDirectory(Path.Combine(distribution, "18", "bin")); // only its client programs are installed
        var node = Path.Combine(_directory, "node");
        var places = new SearchPlaces { DistributionRoot = distribution, NpmCache = _directory, NodeRoots = [node] };

        Assert.Equal(Path.Combine(distribution, "17", "bin"), Locate(places));
        FakeBinaries(NpmPackage.Bin(NpmPackage.In(node)));
        Assert.Equal(NpmPackage.Bin(NpmPackage.In(node)), Locate(places));
        Assert.Equal(Path.Combine(distribution, "15", "bin"), Locate(places with { Explicit = Path.Combine(distribution, "15", "bin") }));
    }

    [Fact]
    public void The_npm_packages_missing_links_are_made_once_and_only_inside_it()
    {
        var package = Path.Combine(_directory, "package");
        Directory.CreateDirectory(Path.Combine(package, "native", "lib"));
        File.WriteAllText(Path.Combine(package, "native", "lib", "libx.so.1.2"), "library");
        File.WriteAllText(
            Path.Combine(package, "native", "pg-symlinks.json"),
            """
            [{"source": "native/lib/libx.so.1.2", "target": "native/lib/libx.so.1"},
             {"source": "native/lib/libx.so.1.2", "target": "../outside"}]
            """);
        NpmPackage.MakeLinks(package);
        NpmPackage.MakeLinks(package);
        Assert.Equal("library", File.ReadAllText(Path.Combine(package, "native", "lib", "libx.so.1")));
        Assert.False(File.Exists(Path.Combine(_directory, "outside")));
    }

    private static string Locate(SearchPlaces places) =>
        new PostgresBinaries(places, NullLogger.Instance).LocateAsync(null, CancellationToken.None).GetAwaiter().GetResult();

    private static void FakeBinaries(string bin)
    {
        Directory.CreateDirectory(bin);
        File.WriteAllText(Path.Combine(bin, "initdb"), "");
        File.WriteAllText(Path.Combine(bin, "postgres"), "");
    }

    private Task<EmbeddedPostgres> StartAsync() =>
        EmbeddedPostgres.StartAsync(new() { DataDirectory = _directory }, NullLogger.Instance, CancellationToken.None);

    private static async Task<string?> QueryAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Timeout=5");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (string?)await command.ExecuteScalarAsync();
    }
}
