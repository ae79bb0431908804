using System.Globalization;

namespace Firezone.EndToEnd.Storms;

/// <summary>What the figures of a run depend on besides the programs.</summary>
internal static class Machine
{
    // Of the test itself and its runtime.
    private const int OtherFiles = 700;

    /// <summary>How many sockets a process may have, in the test as in a front-end.</summary>
    public static int Sockets { get; } = int.Parse(
        File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3],
        CultureInfo.InvariantCulture) - OtherFiles;

    /// <summary>Load averages.</summary>
    public static string Load => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));
}
