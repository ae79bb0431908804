using System.Diagnostics;
using System.Text;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Framing;

/// <summary>RFC 6455, judged by the receiver of another implementation under Node. The cases are in the folder <c>conformance</c>.</summary>
public sealed class ConformanceTests
{
    private static readonly int[] InitSizes = [125, 126, 127, 128, 65535, 65536, 65537, 1_000_000, 5_000_000];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_case_holds_on_the_bare_connection_and_through_the_http_server(bool viaHttp)
    {
        // A case that relies on a time limit does not come to its end.
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:CloseTimeout"] = "01:00:00" });
        var joins = 0;
        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(FakeDevice.Attached(Init(InitSizes[joins++ % InitSizes.Length])));

        var connect = Connect.Client();
        var arguments = new List<string> { "run.mjs", "--port", $"{host.Endpoint.Port}", "--path", connect.PathAndQuery };
        foreach (var header in connect.Headers.Where(h => !h.StartsWith("Sec-") && !h.StartsWith("Connection") && !h.StartsWith("Upgrade")))
            arguments.AddRange(["--header", header]);
        arguments.AddRange(["--init-sizes", string.Join(',', InitSizes)]);
        if (viaHttp)
            arguments.Add("--via-http");

        var (code, output) = await NodeAsync(arguments);
        Assert.True(code == 0, output);
    }

    /// <summary>The payload of an <c>init</c> whose message is so long.</summary>
    private static string Init(int messageSize)
    {
        var around = Encoding.UTF8.GetByteCount("""{"topic":"client","event":"init","payload":{"t":""},"ref":null}""");
        return $$"""{"t":"{{new string('x', messageSize - around)}}"}""";
    }

    /// <summary>What failed and the summary.</summary>
    private static async Task<(int Code, string Output)> NodeAsync(IEnumerable<string> arguments)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Gateway.WebSockets.Tests", "conformance");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException($"The other implementation is not installed: run ./test, or 'npm ci --ignore-scripts' in {folder}.");
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var lines = (await output).Split('\n').Where(line => !line.StartsWith("ok ", StringComparison.Ordinal));
        return (process.ExitCode, string.Join('\n', lines) + await errors);
    }
}
