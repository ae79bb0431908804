using System.Runtime.InteropServices;

namespace Firezone.Silos.Hosting;

/// <summary>
/// Gives back what only the start of the process needed: garbage, and what the runtime's compiler took from the C library. A node without load
/// would keep it for hours.
/// </summary>
internal static class StartMemory
{
    private const long BusyBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Now, and once more in a minute, when the runtime has compiled again what the start called often; not if the node has work by then.
    /// </summary>
    public static ITimer GiveBack(TimeProvider time)
    {
        Collect();
        return time.CreateTimer(
            static _ =>
            {
                if (GC.GetTotalMemory(forceFullCollection: false) < BusyBytes)
                    Collect();
            },
            null,
            Settled,
            Timeout.InfiniteTimeSpan);
    }

    private static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc, which keeps less.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nint pad);
}
