namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>
/// Devices that were told when to come back, counted per second: how many are still away is the backlog of a storm. Of a fixed size, and not
/// safe for concurrent callers.
/// </summary>
/// <param name="longest">Longest time in seconds that anybody is told to wait.</param>
internal sealed class ReturnSchedule(int longest)
{
    private readonly int[] _due = new int[longest + 1];
    private long _second;

    /// <summary>Devices that are still away.</summary>
    internal int Waiting { get; private set; }

    /// <summary>Lets the devices come back whose time is up.</summary>
    internal void AdvanceTo(TimeSpan now)
    {
        var second = (long)now.TotalSeconds;
        if (second - _second > _due.Length)
            _second = second - _due.Length;
        while (_second < second)
        {
            ref var due = ref _due[++_second % _due.Length];
            Waiting -= due;
            due = 0;
        }
    }

    /// <summary>Sends one device away.</summary>
    /// <param name="shortest">The window is at least so many seconds.</param>
    /// <param name="perSecond">So many can be taken on per second.</param>
    /// <param name="chance">From 0 to 1, exclusively.</param>
    /// <returns>A whole number of seconds, drawn from a window in which all that are away can be taken on.</returns>
    internal int Add(int shortest, double perSecond, double chance)
    {
        var window = Math.Min(Math.Max(shortest, Math.Ceiling((Waiting + 1) / perSecond)), longest);
        var wait = 1 + (int)(chance * window);
        _due[(_second + wait) % _due.Length]++;
        Waiting++;
        return wait;
    }
}
