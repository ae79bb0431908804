namespace Firezone.Bench.Load;

/// <summary>Durations of one phase, kept exactly.</summary>
internal sealed class Latencies
{
    private readonly List<TimeSpan> _values = [];
    private bool _sorted;

    public void Add(TimeSpan value)
    {
        _values.Add(value);
        _sorted = false;
    }

    /// <summary>The value that this share of all values does not exceed; zero if there are none.</summary>
    public TimeSpan Quantile(double share)
    {
        if (_values.Count == 0)
            return TimeSpan.Zero;
        if (!_sorted)
            _values.Sort();
        _sorted = true;
        return _values[Math.Clamp((int)Math.Ceiling(share * _values.Count) - 1, 0, _values.Count - 1)];
    }
}
