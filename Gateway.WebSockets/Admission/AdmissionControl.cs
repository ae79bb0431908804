using Firezone.Gateway.WebSockets.Options;

namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>
/// Decides how many connects this process takes on. Both bounds, on those under way and on those per second, move between a lower and an
/// upper one: they are cut when connects or joins fail or become slow, and grow back while they are made use of and all is well.
/// </summary>
/// <remarks>No clock, no I/O, no chance: whoever calls says what time it is. Not safe for concurrent callers.</remarks>
internal sealed class AdmissionControl
{
    /// <summary>The bounds are looked at so often.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>A storm has ended when nobody was refused for so long.</summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>Connects per second however many fail: somebody must find out when they no longer do.</summary>
    internal const int MinPerSecond = 50;

    private const int FirstUnderWay = 128;
    private const double FirstPace = 500;
    private const int FewFailures = 3;

    private readonly AdmissionOptions _options;
    private readonly ReturnSchedule _returns;
    private readonly LatencyTrend _connects;
    private readonly LatencyTrend _joins;
    private double _limit;
    private double _tokens;
    private TimeSpan _now;
    private TimeSpan _judged;
    private TimeSpan _cut = TimeSpan.MinValue;
    private double _pace = FirstPace;
    private bool _pressed;
    private int _connected;
    private int _decided;
    private int _busy;
    private int _failed;

    internal AdmissionControl(AdmissionOptions options)
    {
        _options = options;
        _returns = new ReturnSchedule(options.MaxRetryAfter);
        _connects = new LatencyTrend(options.TargetLatency);
        _joins = new LatencyTrend(options.TargetLatency);
        _limit = Math.Clamp(FirstUnderWay, options.MinUnderWay, options.MaxUnderWay);
        PerSecond = options.MaxPerSecond;
        _tokens = Burst;
    }

    /// <summary>Connects and joins that may be under way now.</summary>
    internal int Limit => (int)_limit;

    /// <summary>Connects and joins under way.</summary>
    internal int UnderWay { get; private set; }

    /// <summary>Connects per second that may be taken on now.</summary>
    internal double PerSecond { get; private set; }

    /// <summary>Devices that were told to come back and have not yet.</summary>
    internal int Waiting => _returns.Waiting;

    /// <summary>The storm that is going on.</summary>
    internal Storm? Storm { get; private set; }

    private double Burst => Math.Max(1, PerSecond / 4);

    private double LeastPerSecond => Math.Min(MinPerSecond, _options.MaxPerSecond);

    /// <summary>A connect has come. If it has entered, <see cref="Leave"/> must follow.</summary>
    /// <param name="now">Of a clock that never goes back.</param>
    internal EntryVerdict TryEnter(TimeSpan now)
    {
        Advance(now);
        if (UnderWay >= Limit)
            return Refuse(EntryVerdict.UnderWay);
        if (_tokens < 1)
            return Refuse(EntryVerdict.Rate);

        _tokens--;
        UnderWay++;
        _pressed |= UnderWay > _limit / 2;
        if (Storm is { } storm)
            storm.Entered++;
        return EntryVerdict.Entered;
    }

    /// <summary>A connect that had entered is over.</summary>
    internal void Leave(TimeSpan now, TimeSpan entered, ConnectEnd end)
    {
        Advance(now);
        UnderWay--;
        if (end == ConnectEnd.Nothing)
        {
            _tokens = Math.Min(Burst, _tokens + 1);
            return;
        }

        _connected += end == ConnectEnd.Decided ? 1 : 0;
        Note(_connects, entered, end);
    }

    /// <summary>A socket joins. Never refused, as it has cost a connect already. <see cref="JoinEnded"/> must follow.</summary>
    internal void JoinBegan(TimeSpan now)
    {
        Advance(now);
        UnderWay++;
    }

    /// <summary>A join is over.</summary>
    internal void JoinEnded(TimeSpan now, TimeSpan began, bool failed)
    {
        Advance(now);
        UnderWay--;
        Note(_joins, began, failed ? ConnectEnd.Failed : ConnectEnd.Decided);
    }

    /// <summary>A device is sent away.</summary>
    /// <param name="now">As above.</param>
    /// <param name="shortest">The window is at least so many seconds.</param>
    /// <param name="chance">From 0 to 1, exclusively: where in the window.</param>
    /// <returns>After how many seconds it is to come back.</returns>
    internal int SendAway(TimeSpan now, int shortest, double chance)
    {
        Advance(now);
        var pace = Math.Min(Math.Max(_pace * 0.8, LeastPerSecond), PerSecond);
        var wait = _returns.Add(shortest, pace, chance);
        if (Storm is { } storm)
            storm.MostWaiting = Math.Max(storm.MostWaiting, Waiting);
        return wait;
    }

    /// <summary>The storm that has just ended, if one has.</summary>
    internal Storm? TakeEndedStorm(TimeSpan now)
    {
        Advance(now);
        if (Storm is not { } storm || now - storm.LastRefusal < Quiet)
            return null;
        Storm = null;
        return storm;
    }

    private EntryVerdict Refuse(EntryVerdict reason)
    {
        _pressed = true;
        var storm = Storm ??= new Storm(_now);
        storm.LastRefusal = _now;
        if (reason == EntryVerdict.Rate)
            storm.RefusedRate++;
        else
            storm.RefusedUnderWay++;
        return reason;
    }

    private void Note(LatencyTrend trend, TimeSpan began, ConnectEnd end)
    {
        var latency = _now - began;
        // Those that began before the last cut tell of the time before it.
        if (began > _cut && (end == ConnectEnd.Decided || latency > _options.TargetLatency))
            trend.Add(latency);
        _decided += end == ConnectEnd.Decided ? 1 : 0;
        if (began > _cut)
        {
            _busy += end == ConnectEnd.Busy ? 1 : 0;
            _failed += end == ConnectEnd.Failed ? 1 : 0;
        }
    }

    private void Advance(TimeSpan now)
    {
        if (now <= _now)
            return; // Another thread looked at the clock a moment earlier.

        _tokens = Math.Min(Burst, _tokens + (now - _now).TotalSeconds * PerSecond);
        _now = now;
        _returns.AdvanceTo(now);
        if (now - _judged >= Interval)
            Judge();
    }

    private void Judge()
    {
        var slow = _connects.Close() | _joins.Close();
        var trouble = Math.Max(FewFailures, (_decided + _busy + _failed) / 5);
        var pace = _connected / (_now - _judged).TotalSeconds;
        if (_pressed || pace > _pace)
            _pace += (pace - _pace) * 0.2;

        if (_failed >= trouble)
        {
            Cut(0.5);
            PerSecond = Math.Max(LeastPerSecond, Math.Min(PerSecond, pace) / 2);
            _tokens = Math.Min(_tokens, Burst);
        }
        else if (slow || _busy >= trouble)
        {
            Cut(0.8);
        }
        else
        {
            if (_pressed)
                _limit = Math.Min(_options.MaxUnderWay, _limit * 1.1 + 1);
            if (_decided > 0)
                PerSecond = Math.Min(_options.MaxPerSecond, PerSecond * 1.5);
        }

        (_judged, _pressed) = (_now, UnderWay > _limit / 2);
        (_connected, _decided, _busy, _failed) = (0, 0, 0, 0);
    }

    private void Cut(double factor)
    {
        _limit = Math.Max(_options.MinUnderWay, _limit * factor);
        _cut = _now;
    }
}
