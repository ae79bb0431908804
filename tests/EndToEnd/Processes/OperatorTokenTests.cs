using Firezone.Shared;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Tokens;
using Npgsql;

namespace Firezone.EndToEnd.Processes;

public sealed class OperatorTokenTests
{
    [Fact]
    public async Task The_program_prints_an_operator_token_and_nothing_else()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync("operator");
        var environment = new Dictionary<string, string> { ["FIREZONE_DATABASE"] = connectionString };
        await using var program = ServerProcess.Start("Silos", environment, ["operator-token", "alice"]);
        Assert.True(await program.ExitAsync(TimeSpan.FromSeconds(60)) == 0, program.Output);
        Assert.True(DeviceToken.TryParse(program.Output.Trim(), TokenKind.Admin, out var token), "The output is not a token.");

        await using var database = new Database(connectionString);
        await using var command = database.Write.CreateCommand("select role || ' ' || name from admin_tokens where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = token.Id });
        Assert.Equal("operator alice", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Without_a_name_it_says_how_it_is_used()
    {
        await using var program = ServerProcess.Start("Silos", new Dictionary<string, string>(), ["operator-token"]);
        Assert.Equal(2, await program.ExitAsync(TimeSpan.FromSeconds(60)));
    }
}
