namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>
/// Tells whether something has become slow: by its own measure, as what is quick here may be slow there. Not safe for concurrent callers.
/// </summary>
/// <param name="target">Never slow below this.</param>
internal sealed class LatencyTrend(TimeSpan target)
{
    // Of an interval; the floor follows a lasting change within a minute.
    private const double FloorRise = 0.002;
    private const double TimesFloor = 3;

    private double _floor = double.PositiveInfinity;
    private double _sum;
    private double _least = double.PositiveInfinity;
    private int _count;

    /// <summary>What it takes at best, as far as has been seen.</summary>
    internal TimeSpan Floor => double.IsInfinity(_floor) ? TimeSpan.Zero : TimeSpan.FromSeconds(_floor);

    /// <summary>Notes one.</summary>
    internal void Add(TimeSpan latency)
    {
        _sum += latency.TotalSeconds;
        _least = Math.Min(_least, latency.TotalSeconds);
        _count++;
    }

    /// <summary>Ends an interval. True if those noted in it were slow on average.</summary>
    internal bool Close()
    {
        if (_count == 0)
            return false;

        var mean = _sum / _count;
        _floor = _least < _floor ? _least : _floor + (_least - _floor) * FloorRise;
        (_sum, _least, _count) = (0, double.PositiveInfinity, 0);
        return mean > Math.Max(target.TotalSeconds, TimesFloor * _floor);
    }
}
