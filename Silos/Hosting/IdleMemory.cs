using Firezone.Grains.Sessions;

namespace Firezone.Silos.Hosting;

/// <summary>
/// Gives memory back while the node has nothing to do: garbage, which nobody collects then, and what the runtime's compiler took from the C library.
/// A node that has sessions, or works, is left alone: a collection would keep them waiting, and it will need both again.
/// </summary>
internal sealed class IdleMemory : IDisposable
{
    /// <summary>A node that allocates more between two looks has work.</summary>
    internal const long BusyBytes = 16 * 1024 * 1024;

    /// <summary>Less garbage than this is not worth a collection.</summary>
    internal const long WorthBytes = 2 * 1024 * 1024;

    /// <summary>A collection of a larger heap takes too long to be made for this.</summary>
    internal const long LargeHeap = 64 * 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2.5);

    private readonly LocalSessions _sessions;
    private readonly ITimer _timer;
    private long _seen;
    private long _collected;

    /// <summary>Gives back what only the start needed, and looks again from time to time.</summary>
    internal IdleMemory(LocalSessions sessions, TimeProvider time)
    {
        _sessions = sessions;
        Collect();
        NativeHeap.Trim();
        _timer = time.CreateTimer(static self => ((IdleMemory)self!).Look(), this, Interval, Interval);
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var isBusy = allocated - _seen > BusyBytes;
        _seen = allocated;
        if (isBusy || _sessions.Count > 0)
            return;
        if (allocated - _collected > WorthBytes && GC.GetTotalMemory(forceFullCollection: false) < LargeHeap)
            Collect();
        // The compiler's buffers are kept for its next method, until the finalizers' thread has passed twice, two seconds apart.
        GC.WaitForPendingFinalizers();
        NativeHeap.Trim();
    }

    private void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        _seen = _collected = GC.GetTotalAllocatedBytes();
    }
}
