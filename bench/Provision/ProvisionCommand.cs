using System.CommandLine;
using Firezone.Bench.Benchmarking;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace Firezone.Bench.Provision;

/// <summary>The verb <c>provision</c>: an account to make load with.</summary>
internal static class ProvisionCommand
{
    public static Command Create()
    {
        var database = DatabaseOption.Create();
        var credentials = new Option<DirectoryInfo>("--credentials") { Description = "Directory to write tokens to", Required = true };
        var brief = new Option<bool>("--short") { Description = "For a short benchmark" };
        var clients = new Option<int?>("--clients") { Description = "How many clients; default: as many as the benchmark has" };
        var command = new Command("provision", "Migrates a database and makes an account with tokens for a benchmark.")
        {
            database, credentials, brief, clients,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var connection = parsed.GetRequiredValue(database);
            await SchemaMigrator.MigrateAsync(connection, NullLogger.Instance, ct);
            await using var storage = new Database(connection);
            var plan = parsed.GetValue(brief) ? BenchmarkPlan.Short : BenchmarkPlan.Full;
            var made = await LoadAccount.CreateAsync(storage, parsed.GetValue(clients) ?? plan.Tokens, TimeProvider.System, ct);
            made.Write(parsed.GetRequiredValue(credentials).FullName);
            return 0;
        });
        return command;
    }
}
