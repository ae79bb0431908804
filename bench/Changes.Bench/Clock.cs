using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Firezone.Changes.Bench;

/// <summary>Time of the machine, the same in all of its processes, and CPU time of any of them, to the nanosecond.</summary>
internal static partial class Clock
{
    /// <summary>Comparable between processes: the kernel's monotonic clock.</summary>
    public static long Now() => Stopwatch.GetTimestamp();

    public static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    /// <summary>CPU time of a process, with its threads that have ended; null if there is no such process.</summary>
    public static TimeSpan? Cpu(int processId)
    {
        // What clock_getcpuclockid gives: the complement of the id, and "scheduler's time of the whole process".
        var clock = (~processId << 3) | 2;
        return GetTime(clock, out var time) == 0 ? TimeSpan.FromTicks(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / 100) : null;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
