using System.Diagnostics;
using System.Text.Json.Nodes;
using Firezone.Cli.Tests.Contract;

namespace Firezone.Cli.Tests.Running;

/// <summary>The program as operators start it.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task The_program_lists_and_creates()
    {
        using var portal = await Portal.StartAsync();
        Assert.Contains("Berlin", (await FirezoneProcess.RunAsync(portal, "sites", "create", "Berlin")).Good().Out);
        Assert.Equal("Berlin", (string?)JsonNode.Parse((await FirezoneProcess.RunAsync(portal, "sites", "list", "--json")).Good().Out)![0]!["name"]);
        Assert.StartsWith("firezone/", portal.World.Calls.First().Headers["User-Agent"]);
    }

    [Fact]
    public async Task The_exit_code_gets_to_the_caller()
    {
        using var portal = await Portal.StartAsync();
        (await FirezoneProcess.RunAsync(portal, "sites", "show", "Nowhere")).Bad(ExitCode.Refused);
        (await FirezoneProcess.RunAsync(portal, "sites", "delete", "Nowhere", "--what")).Bad(ExitCode.Usage);
        portal.Environment["FIREZONE_API_URL"] = "http://127.0.0.1:1";
        (await FirezoneProcess.RunAsync(portal, "sites", "list")).Bad(ExitCode.Unreachable);
    }

    [Fact]
    public async Task Without_a_terminal_a_deletion_is_refused_and_does_not_wait()
    {
        using var portal = await Portal.StartAsync();
        portal.Add("sites", """{"name":"Berlin"}""");
        (await FirezoneProcess.RunAsync(portal, "sites", "delete", "Berlin")).Bad(ExitCode.Usage);
        Assert.Single(portal.World.Store.Of("sites"));
    }

    [Fact]
    public async Task An_interrupt_ends_a_watch_well()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var portal = await Portal.StartAsync();
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", new JsonObject { ["id"] = "s", ["opened_at"] = ContractStore.Now });
            await Task.Delay(Timeout.Infinite, events.Gone).ContinueWith(_ => { });
        });
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(FirezoneProcess.Path);
        start.ArgumentList.Add("watch");
        foreach (var (name, value) in portal.Environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        Assert.NotNull(await process.StandardOutput.ReadLineAsync());
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();

        Assert.Equal(ExitCode.Success, process.ExitCode);
    }
}
