using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Firezone.Shared;

namespace Firezone.EndToEnd.Processes;

/// <summary>The node that <c>./run</c> starts: everything in one process, on a data directory of its own.</summary>
public sealed partial class AllInOneTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("firezone-node-").FullName;
    private readonly int _port = ServerPort.Next();
    private readonly int _siloPort = ServerPort.Next();
    private readonly int _siloGatewayPort = ServerPort.Next();

    [Fact]
    public async Task The_printed_command_shows_a_flow_and_a_second_start_finds_the_data_of_the_first()
    {
        string first;
        await using (var node = Start())
        {
            await node.LineAsync(line => line.Contains("Ctrl-C stops everything", StringComparison.Ordinal));
            first = await TokensAsync(node);
            await using var simulation = ServerProcess.Start("bench", new Dictionary<string, string>(), ["simulate", "--url", $"ws://127.0.0.1:{_port}", .. first.Split(' ')]);
            Assert.True(await simulation.ExitAsync(TimeSpan.FromSeconds(60)) == 0, simulation.Output);
            Assert.Contains("The flow is authorised", simulation.Output, StringComparison.Ordinal);
            await PagesShowAsync(node, "granted");

            node.Signal("INT");
            Assert.True(await node.ExitAsync(TimeSpan.FromSeconds(60)) == 0, node.Output);
        }

        Assert.False(PostgresIsRunning(), "PostgreSQL was left running.");
        await using var second = Start();
        await second.LineAsync(line => line.Contains("Ctrl-C stops everything", StringComparison.Ordinal));
        Assert.Equal(first, await TokensAsync(second));
        second.Signal("TERM");
        Assert.True(await second.ExitAsync(TimeSpan.FromSeconds(60)) == 0, second.Output);
        Assert.False(PostgresIsRunning(), "PostgreSQL was left running.");
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line()
    {
        using var holder = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, _port);
        holder.Start();
        await using var node = Start();
        Assert.Equal(1, await node.ExitAsync(TimeSpan.FromSeconds(60)));
        var line = Assert.Single(node.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(_port.ToString(CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        Assert.False(PostgresIsRunning(), "PostgreSQL was left running.");
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private ServerProcess Start() => ServerProcess.Start("Silos", new Dictionary<string, string>
    {
        ["FIREZONE_ALL_IN_ONE"] = "true",
        ["FIREZONE_DATA"] = _data,
        ["FIREZONE_DATABASE"] = "",
        ["FrontEnd__Urls"] = $"http://127.0.0.1:{_port}",
        ["FrontEnd__HealthPort"] = "0",
        ["Admin__Url"] = "http://127.0.0.1:0",
        ["Operations__Url"] = "http://127.0.0.1:0",
        ["Silo__Port"] = _siloPort.ToString(CultureInfo.InvariantCulture),
        ["Silo__GatewayPort"] = _siloGatewayPort.ToString(CultureInfo.InvariantCulture),
    });

    /// <summary>The pages for operators are where, and open with what, the node has printed.</summary>
    private static async Task PagesShowAsync(ServerProcess node, string text)
    {
        var password = Word(await node.LineAsync(l => l.Contains("  password  ", StringComparison.Ordinal)));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{password}")));
        Assert.Contains(text, await http.GetStringAsync(Word(await node.LineAsync(l => l.Contains("  overview  ", StringComparison.Ordinal)))), StringComparison.Ordinal);
        var dashboard = Word(await node.LineAsync(l => l.Contains("  dashboard  ", StringComparison.Ordinal)));
        Assert.Contains("ClientGrain", await http.GetStringAsync($"{dashboard}GrainTypes"), StringComparison.Ordinal);

        static string Word(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
    }

    private static async Task<string> TokensAsync(ServerProcess node)
    {
        var arguments = new List<string>();
        foreach (var role in (string[])["client", "gateway", "relay"])
        {
            var line = await node.LineAsync(l => l.Contains($"--{role}-token", StringComparison.Ordinal));
            arguments.AddRange([$"--{role}-token", Token().Match(line).Value]);
        }

        return string.Join(' ', arguments);
    }

    // By command line: the server's is the only one that names the data directory.
    private bool PostgresIsRunning() => Directory.GetDirectories("/proc").Any(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")) is var command
                && command.Contains("postgres", StringComparison.Ordinal)
                && command.Contains(_data, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    [GeneratedRegex(@"\.[cgr][A-Za-z0-9_-]{40,}")]
    private static partial Regex Token();
}
