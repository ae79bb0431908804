using System.CommandLine;
using System.Text.Json;
using Firezone.Bench.Load;
using Firezone.Bench.Measure;

namespace Firezone.Bench.Benchmarking;

/// <summary>The verbs <c>learn</c> and <c>run</c>: what devices cost one server process, into a file.</summary>
internal static class RunCommand
{
    public static Command CreateLearn() => Create(
        "learn", "The first run against a database: makes all devices known and measures what that costs.", benchmark => benchmark.Learn());

    public static Command CreateRun() => Create(
        "run", "Measures what known devices cost a server that has just started.", benchmark => benchmark.Run());

    private static Command Create(string verb, string description, Func<Benchmark, BenchmarkResult> play)
    {
        var url = new Option<string>("--url") { Description = "Front-end on loopback, such as ws://127.0.0.1:8081", Required = true };
        var admin = new Option<string>("--admin-url") { Description = "Admin API, such as http://127.0.0.1:8085", Required = true };
        var pid = new Option<int>("--pid") { Description = "Process id of the server", Required = true };
        var credentials = new Option<DirectoryInfo>("--credentials")
        {
            Description = "Directory that the verb 'provision' has filled",
            Required = true,
        };
        var brief = new Option<bool>("--short") { Description = "Less of everything; rough figures in under a minute" };
        var output = new Option<FileInfo>("--out") { Description = "File for the figures, for the verb 'report'", Required = true };
        var command = new Command(verb, description) { url, admin, pid, credentials, brief, output };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                var plan = parsed.GetValue(brief) ? BenchmarkPlan.Short : BenchmarkPlan.Full;
                var loaded = Credentials.Read(parsed.GetRequiredValue(credentials).FullName);
                if (loaded.ClientTokens.Count < plan.Tokens)
                    throw new LoadException($"{plan.Tokens:N0} client tokens are needed; there are {loaded.ClientTokens.Count:N0}.");
                var target = await Target.FindAsync(parsed.GetRequiredValue(url), ct);
                if (!target.IsLoopback)
                    throw new LoadException("The server must be on this machine: its process is read.");
                using var benchmark = new Benchmark(
                    target,
                    new Uri(parsed.GetRequiredValue(admin), UriKind.Absolute),
                    new ServerProcess(parsed.GetRequiredValue(pid)),
                    loaded,
                    plan,
                    line => Console.Error.WriteLine($"  {line}"));
                await File.WriteAllTextAsync(
                    parsed.GetRequiredValue(output).FullName, JsonSerializer.Serialize(play(benchmark), ReportCommand.Json), ct);
                return 0;
            }
            catch (Exception e) when (e is LoadException or IOException or UriFormatException)
            {
                await Console.Error.WriteLineAsync($"FAILED: {e.Message}");
                return 1;
            }
        });
        return command;
    }
}
