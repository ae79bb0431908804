using System.Diagnostics;

namespace Firezone.Deploy.Tests.Support;

/// <summary>A program that is run to its end.</summary>
internal sealed record Command(int ExitCode, string Output, string Errors)
{
    public static async Task<Command> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Command(process.ExitCode, output, await errors);
    }
}
