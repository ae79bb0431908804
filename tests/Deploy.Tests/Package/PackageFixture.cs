using System.Diagnostics;
using Firezone.Deploy.Tests.Support;

namespace Firezone.Deploy.Tests.Package;

/// <summary>The package, made once by <c>deploy/package</c>.</summary>
public sealed class PackageFixture : IAsyncLifetime
{
    private string _output = null!;

    /// <summary>Where it was unpacked, so to say.</summary>
    public string Folder { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _output = Directory.CreateTempSubdirectory("firezone-package-").FullName;
        var made = await Command.RunAsync(Path.Combine(Repository.Root, "deploy", "package"), "--no-archive", "--output", _output);
        Assert.True(made.ExitCode == 0, made.Errors);
        Folder = made.Output.Trim().Split('\n')[^1];
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_output, recursive: true);
        return Task.CompletedTask;
    }

    internal PackagedNode Start(Dictionary<string, string> settings) => PackagedNode.Start(Path.Combine(Folder, "silo", "Firezone.Silos"), settings);

    internal async Task<Command> RunAsync(string program, Dictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Command(process.ExitCode, output, await errors);
    }
}
