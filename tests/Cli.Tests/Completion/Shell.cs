using System.Diagnostics;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Completion;

/// <summary>A shell of this machine, with the program on its path.</summary>
internal static class Shell
{
    public static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Lets a shell run a script, with a command <c>firezone</c> that is the program and a portal to ask.</summary>
    public static async Task<string> RunAsync(string shell, string script, Portal portal)
    {
        var folder = Directory.CreateDirectory(Path.Combine(portal.Home, "bin"));
        var command = Path.Combine(folder.FullName, "firezone");
        await File.WriteAllTextAsync(command, $"#!/bin/sh\nexec dotnet '{FirezoneProcess.Path}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var start = new ProcessStartInfo(shell) { WorkingDirectory = portal.Home };
        if (shell == "zsh")
            start.ArgumentList.Add("-f");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        foreach (var (name, value) in portal.Environment)
            start.Environment[name] = value;
        start.Environment["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        var outcome = await FirezoneProcess.RunAsync(start);
        Assert.True(outcome.Error.Length == 0, outcome.Error);
        return outcome.Good().Out;
    }
}
