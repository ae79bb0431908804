using System.Diagnostics;
using System.Text.Json;
using Firezone.Admin.Tests.Support;

namespace Firezone.Admin.Tests.OpenApi;

/// <summary>A client that a public generator made from the checked-in document, against the running API.</summary>
public sealed class GeneratedClientTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_generated_client_creates_a_site_a_token_a_resource_and_a_policy()
    {
        var ada = await fixture.Host.AccountAsync();
        var folder = Path.Combine(Repository.Root, "tests", "Admin.Tests", "client");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            Assert.Fail("The generator is not installed: run ./test, or 'npm ci --ignore-scripts' in tests/Admin.Tests/client (needs Node.js 20 with npm).");
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["generate.mjs", Path.Combine(Repository.Root, "docs", "openapi.json"), fixture.Host.Address, ada.Token.Text])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);

        var made = JsonSerializer.Deserialize<JsonElement>(await output);
        Assert.StartsWith(".g", made.GetProperty("token").GetString(), StringComparison.Ordinal);
        var policies = await ada.GetAsync($"/v1/policies?resource_id={made.GetProperty("resource").GetString()}");
        Assert.Equal(made.GetProperty("policy").GetString(), policies.Body.GetProperty("data")[0].GetProperty("id").GetString());
    }
}
