using System.Diagnostics;

namespace Firezone.Grains.Tests.Model;

/// <summary>
/// How long something was watched for. A pause between two looks that is longer than looking ever takes does not count in full: the machine
/// stood still, and with it the silos, which run in this process.
/// </summary>
internal sealed class WatchedSpan
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(500);

    private readonly Stopwatch _sinceLook = new();

    /// <summary>As of the last look.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Looks again; the first time the watch begins.</summary>
    public void Look()
    {
        Elapsed += _sinceLook.Elapsed < MaxPause ? _sinceLook.Elapsed : MaxPause;
        _sinceLook.Restart();
    }
}
