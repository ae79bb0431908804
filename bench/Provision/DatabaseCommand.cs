using System.CommandLine;
using Firezone.Storage.Postgres.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace Firezone.Bench.Provision;

/// <summary>The verb <c>database</c>: a PostgreSQL server of one's own for the length of a benchmark.</summary>
internal static class DatabaseCommand
{
    public static Command Create()
    {
        var directory = new Option<DirectoryInfo>("--directory") { Description = "Where its data lives", Required = true };
        var file = new Option<FileInfo>("--connection-file")
        {
            Description = "Receives the connection string once the server answers",
            Required = true,
        };
        var durable = new Option<bool>("--durable") { Description = "With fsync, as in production" };
        var command = new Command("database", "Runs a PostgreSQL server until it is told to end (SIGTERM).") { directory, file, durable };
        command.SetAction(async (parsed, ct) =>
        {
            var options = new EmbeddedPostgresOptions
            {
                DataDirectory = parsed.GetRequiredValue(directory).FullName,
                Durable = parsed.GetValue(durable),
            };
            await using var server = await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, ct);
            var target = parsed.GetRequiredValue(file).FullName;

            // Whoever waits for the file must not read half of it.
            await File.WriteAllTextAsync(target + ".new", server.ConnectionString(), ct);
            File.Move(target + ".new", target, overwrite: true);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }
            catch (OperationCanceledException)
            {
            }

            return 0;
        });
        return command;
    }
}
