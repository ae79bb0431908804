using System.Diagnostics;
using System.Globalization;

namespace Firezone.Bench.Measure;

/// <summary>CPU seconds by who used them, at a moment or, as a difference, in a span of time.</summary>
/// <param name="Wall">The time itself.</param>
/// <param name="Server">The measured process.</param>
/// <param name="Generator">This process.</param>
/// <param name="Machine">Everybody.</param>
internal readonly record struct Usage(double Wall, double Server, double Generator, double Machine)
{
    /// <summary>Everybody else, PostgreSQL included.</summary>
    public double Others => Math.Max(0, Machine - Server - Generator);

    /// <summary>As of now.</summary>
    public static Usage Now(ServerProcess server) => new(
        Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency,
        server.Cpu().TotalSeconds,
        Environment.CpuUsage.TotalTime.TotalSeconds,
        Busy());

    public static Usage operator -(Usage later, Usage earlier) => new(
        later.Wall - earlier.Wall,
        later.Server - earlier.Server,
        later.Generator - earlier.Generator,
        later.Machine - earlier.Machine);

    /// <summary>user, nice, system, irq and softirq of the first line of /proc/stat.</summary>
    private static double Busy()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 6, 7];
        return busy.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture)) / ServerProcess.TicksPerSecond;
    }
}
