using System.Diagnostics;

namespace Firezone.Bench.Load;

/// <summary>Has each of its devices send a heartbeat once per interval, one after the other and evenly spread.</summary>
internal sealed class Rota(TimeSpan interval)
{
    private readonly List<Device> _devices = [];
    private long _last = Stopwatch.GetTimestamp();
    private double _due;
    private int _turn;

    public TimeSpan Interval { get; set; } = interval;

    public void Add(Device device) => _devices.Add(device);

    /// <summary>Sends what is due by now. After a pause it takes up its pace again: it does not make up for what it missed.</summary>
    public void Send(long now)
    {
        _due += _devices.Count * Stopwatch.GetElapsedTime(_last, now) / Interval;
        _due = Math.Min(_due, 1 + _devices.Count / 50);
        _last = now;
        for (; _due >= 1; _due--)
            _devices[_turn++ % _devices.Count].Beat(now);
        _turn %= Math.Max(1, _devices.Count);
    }
}
