using System.Diagnostics;

namespace Firezone.Shared.Network;

/// <summary>Runs small programs of the system.</summary>
public static class Shell
{
    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output) = Execute(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output.Trim()}");
    }

    public static bool Try(string program, params string[] arguments) => Execute(program, arguments).Code == 0;

    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static (int Code, string Output) Execute(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
