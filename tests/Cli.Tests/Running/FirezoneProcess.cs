using System.Diagnostics;

namespace Firezone.Cli.Tests.Running;

/// <summary>The program as a process of its own.</summary>
internal static class FirezoneProcess
{
    public static string Path { get; } = typeof(Application).Assembly.Location;

    /// <summary>Runs the program with nothing in its environment but what the portal says.</summary>
    public static Task<Outcome> RunAsync(Portal portal, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet");
        start.ArgumentList.Add(Path);
        foreach (var argument in args)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in portal.Environment)
            start.Environment[name] = value;
        return RunAsync(start);
    }

    public static async Task<Outcome> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await error);
    }
}
