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
        var database = new Option<string>("--database")
        {
            Description = "Connection string; default: FIREZONE_DATABASE",
            Required = true,
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("FIREZONE_DATABASE") ?? "",
        };
        var credentials = new Option<DirectoryInfo>("--credentials") { Description = "Directory to write tokens to", Required = true };
        var clients = new Option<int>("--clients") { Description = "How many clients", DefaultValueFactory = _ => BenchmarkPlan.Full.Tokens };
        var command = new Command("provision", "Migrates a database and makes an account with tokens for a benchmark.")
        {
            database, credentials, clients,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var connection = parsed.GetRequiredValue(database);
            await SchemaMigrator.MigrateAsync(connection, NullLogger.Instance, ct);
            await using var storage = new Database(connection);
            var made = await LoadAccount.CreateAsync(storage, parsed.GetValue(clients), TimeProvider.System, ct);
            made.Write(parsed.GetRequiredValue(credentials).FullName);
            return 0;
        });
        return command;
    }
}
