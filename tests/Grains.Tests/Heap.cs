namespace Firezone.Grains.Tests;

/// <summary>The memory of the whole process. Only for tests that run alone.</summary>
internal static class Heap
{
    /// <summary>
    /// Bytes in use when nothing is left to be finalized. What earlier tests left behind, such as a cluster, otherwise goes while it is measured.
    /// </summary>
    public static long SettledBytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
