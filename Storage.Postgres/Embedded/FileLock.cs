using System.Diagnostics;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>A lock between processes that goes away with its holder, also when that is killed.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The lock, or null if another process (or another holder in this one) has it.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="TimeoutException">Not obtained in time.</exception>
    public static async Task<FileStream> WaitAsync(string path, TimeSpan timeout, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken)
                return taken;
            if (Stopwatch.GetElapsedTime(started) > timeout)
                throw new TimeoutException($"Another process holds {path}.");
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
    }
}
