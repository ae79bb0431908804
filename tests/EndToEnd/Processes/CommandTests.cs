using Firezone.EndToEnd.Peers;
using Firezone.Shared;
using Firezone.Storage.Postgres;
using Npgsql;

namespace Firezone.EndToEnd.Processes;

/// <summary>The verbs of the silo's program that installers use.</summary>
public sealed class CommandTests : IClassFixture<PostgresFixture>
{
    private readonly PostgresFixture _postgres;

    public CommandTests(PostgresFixture postgres) => _postgres = postgres;

    [Fact]
    public async Task Migrate_makes_database_and_membership_tables_and_can_be_run_again()
    {
        var connectionString = _postgres.MissingDatabase();
        var environment = new Dictionary<string, string> { ["FIREZONE_DATABASE"] = connectionString };
        for (var i = 0; i < 2; i++)
        {
            await using var program = ServerProcess.Start("Silos", environment, ["migrate"]);
            Assert.True(await program.ExitAsync(TimeSpan.FromMinutes(2)) == 0, program.Output);
            Assert.Equal("The database is up to date.", program.Output.Trim());
        }

        await using var database = new Database(connectionString);
        await using var command = database.Write.CreateCommand("select count(*) from OrleansMembershipTable, accounts");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Migrate_without_a_database_says_so_in_one_line()
    {
        var environment = new Dictionary<string, string> { ["FIREZONE_DATABASE"] = "Host=127.0.0.1;Port=1;Timeout=2" };
        await using var program = ServerProcess.Start("Silos", environment, ["migrate"]);
        Assert.Equal(1, await program.ExitAsync(TimeSpan.FromMinutes(2)));
        var line = Assert.Single(program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("The database is not usable: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_told_so_waits_for_a_database_that_is_away()
    {
        var server = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString);
        await using var proxy = new FaultProxy(server.Port) { Refuse = true };
        server.Port = proxy.Port;
        var environment = new Dictionary<string, string> { ["FIREZONE_DATABASE"] = server.ConnectionString, ["FIREZONE_DATABASE_WAIT"] = "00:05:00" };
        await using var program = ServerProcess.Start("Silos", environment, ["migrate"]);
        await program.LineAsync(line => line.StartsWith("The database does not answer yet; trying on", StringComparison.Ordinal));
        Assert.False(program.HasExited, program.Output);
        proxy.Refuse = false;
        Assert.True(await program.ExitAsync(TimeSpan.FromMinutes(2)) == 0, program.Output);
        Assert.Equal(2, program.Output.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task Check_socket_is_content_with_a_refusal_opens_a_socket_with_a_token_and_fails_where_nobody_is()
    {
        await using var portal = await Portal.CoHostedAsync();
        await using var database = new Database(portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        var url = $"{portal.Url}/";

        Assert.Equal((0, $"{url} takes sockets: an unknown token was refused with 401."), await CheckAsync(url, null));
        Assert.Equal((0, $"A socket was opened at {url}."), await CheckAsync(url, account.Client.Text));
        Assert.Equal((1, $"No socket at {url}: the answer was 401"), await CheckAsync(url, account.Gateway.Text));
        Assert.Equal(1, (await CheckAsync("ws://127.0.0.1:1", null)).ExitCode);
        Assert.Equal(2, (await CheckAsync(portal.Url.Replace("ws:", "http:", StringComparison.Ordinal), null)).ExitCode);
    }

    private static async Task<(int ExitCode, string Output)> CheckAsync(string url, string? token)
    {
        var environment = new Dictionary<string, string> { ["FIREZONE_TOKEN"] = token ?? "" };
        await using var program = ServerProcess.Start("Silos", environment, ["check-socket", url]);
        return (await program.ExitAsync(TimeSpan.FromMinutes(1)), program.Output.Trim());
    }
}
