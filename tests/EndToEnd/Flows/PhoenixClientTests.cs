using System.Diagnostics;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Storage.Postgres;

namespace Firezone.EndToEnd.Flows;

/// <summary>The official Phoenix JavaScript client (serializer v2) under Node against a co-hosted portal process.</summary>
public sealed class PhoenixClientTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private readonly Portal _portal = fixture.Portal;

    [Theory]
    [InlineData("client")]
    [InlineData("gateway")]
    [InlineData("relay")]
    public async Task The_official_client_joins_and_receives_init(string role)
    {
        await using var database = new Database(_portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        var token = role switch { "client" => account.Client, "gateway" => account.Gateway, _ => account.Relay };
        var (code, output) = await NodeAsync("join.mjs", "--role", role, "--url", _portal.Url, "--token", token.Text);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task The_official_client_drives_a_complete_flow()
    {
        await using var database = new Database(_portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        var (code, output) = await NodeAsync(
            "flow.mjs",
            "--url", _portal.Url,
            "--client-token", account.Client.Text,
            "--gateway-token", account.Gateway.Text,
            "--relay-token", account.Relay.Text);
        Assert.True(code == 0, output);
        Assert.EndsWith("""{"ok":true}""", output.TrimEnd(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> NodeAsync(string script, params string[] arguments)
    {
        var folder = Path.Combine(Repository.Root, "tests", "EndToEnd", "phoenix");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException("The Phoenix client is not installed: run ./test, or 'npm ci --ignore-scripts' in tests/EndToEnd/phoenix.");
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(script);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
