using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Firezone.Bench.Load;
using Firezone.Bench.Measure;
using Spectre.Console;

namespace Firezone.Bench.Benchmarking;

/// <summary>The verb <c>run</c>: what connects, heartbeats, flows and idle sessions cost a server.</summary>
internal static class RunCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Front-end on loopback, such as ws://127.0.0.1:8081", Required = true };
        var pid = new Option<int>("--pid") { Description = "Process id of the server", Required = true };
        var credentials = new Option<DirectoryInfo>("--credentials")
        {
            Description = "Directory that the verb 'provision' has filled",
            Required = true,
        };
        var brief = new Option<bool>("--short") { Description = "Fewer of everything; rough figures in under a minute" };
        var output = new Option<FileInfo?>("--out") { Description = "File for the figures as JSON" };
        var command = new Command("run", "Measures what devices cost a server, in CPU seconds and bytes of its process.")
        {
            url, pid, credentials, brief, output,
        };
        command.SetAction(parsed =>
        {
            try
            {
                var plan = parsed.GetValue(brief) ? BenchmarkPlan.Short : BenchmarkPlan.Full;
                var loaded = Credentials.Read(parsed.GetRequiredValue(credentials).FullName);
                if (loaded.ClientTokens.Count < plan.Tokens)
                    throw new LoadException($"{plan.Tokens:N0} client tokens are needed; there are {loaded.ClientTokens.Count:N0}.");
                using var benchmark = new Benchmark(
                    Loopback(parsed.GetRequiredValue(url)),
                    new ServerProcess(parsed.GetRequiredValue(pid)),
                    loaded,
                    plan,
                    line => Console.Error.WriteLine($"  {line}"));
                var result = benchmark.Run();
                if (Console.IsOutputRedirected)
                    AnsiConsole.Profile.Width = 140;
                ResultTable.Write(AnsiConsole.Console, result);
                if (parsed.GetValue(output) is { } file)
                    File.WriteAllText(file.FullName, JsonSerializer.Serialize(result, Json));
                return result.Errors.Length == 0 ? 0 : 1;
            }
            catch (Exception e) when (e is LoadException or IOException)
            {
                Console.Error.WriteLine($"FAILED: {e.Message}");
                return 1;
            }
        });
        return command;
    }

    /// <summary>Load is for one's own machine only.</summary>
    private static IPEndPoint Loopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "http"
            && IPAddress.TryParse(uri.Host, out var address)
            && address.AddressFamily == AddressFamily.InterNetwork
            && IPAddress.IsLoopback(address)
            ? new IPEndPoint(address, uri.Port)
            : throw new LoadException($"'{url}' is not a ws:// URL with an address in 127.0.0.0/8.");
}
