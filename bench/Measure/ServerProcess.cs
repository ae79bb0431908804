using System.Globalization;

namespace Firezone.Bench.Measure;

/// <summary>Reads what the kernel knows about the measured process.</summary>
internal sealed class ServerProcess(int pid)
{
    // Ticks of /proc/PID/stat; fixed at 100 per second for user space on every Linux there is.
    public const double TicksPerSecond = 100;

    /// <summary>CPU time in user and kernel mode since the process began, in steps of 10 ms.</summary>
    /// <exception cref="IOException">The process has ended.</exception>
    public TimeSpan Cpu()
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");

        // The command, in parentheses, may hold blanks; the state after it is field 3, so that utime (14) and stime (15) are 11 and 12.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Resident set and proportional set in bytes.</summary>
    public (long Rss, long Pss) Memory()
    {
        var (rss, pss) = (0L, 0L);
        foreach (var line in File.ReadLines($"/proc/{pid}/smaps_rollup"))
        {
            if (line.StartsWith("Rss:", StringComparison.Ordinal))
                rss = Kilobytes(line);
            else if (line.StartsWith("Pss:", StringComparison.Ordinal))
                pss = Kilobytes(line);
        }

        return (rss, pss);
    }

    private static long Kilobytes(string line) =>
        1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
