using System.CommandLine;
using Firezone.Storage.Postgres;

namespace Firezone.Bench.Provision;

/// <summary>The verb <c>forget</c>: runs must not begin with the grants of earlier ones, which gateways would be told at their connect.</summary>
internal static class ForgetCommand
{
    public static Command Create()
    {
        var database = DatabaseOption.Create();
        var command = new Command("forget", "Deletes all granted flows of a benchmark's database.") { database };
        command.SetAction(async (parsed, ct) =>
        {
            await using var storage = new Database(parsed.GetRequiredValue(database));
            await using var statement = storage.Write.CreateCommand("truncate policy_authorizations");
            await statement.ExecuteNonQueryAsync(ct);
            return 0;
        });
        return command;
    }
}
