using Firezone.Gateway.WebSockets.Options;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Admission;

/// <summary>
/// Bounds what connects and joins may take of this process, so that a storm of them is only traffic: established sessions keep theirs, and
/// devices that are refused come back spread over the time that it takes to let them in. Thread-safe, does not block.
/// </summary>
internal sealed partial class ConnectAdmission : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AdmissionControl _control;
    private readonly AdmissionMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _started;
    private ITimer? _watch;

    public ConnectAdmission(
        IOptions<FrontEndOptions> options, AdmissionMetrics metrics, TimeProvider time, ILogger<ConnectAdmission> logger)
    {
        _control = new AdmissionControl(options.Value.Admission);
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _started = time.GetTimestamp();
        metrics.Observe(() => State);
    }

    /// <summary>As of now.</summary>
    internal AdmissionState State
    {
        get
        {
            lock (_gate)
                return new(_control.Limit, _control.UnderWay, _control.PerSecond, _control.Waiting, _control.Storm is not null);
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>Takes a connect on, or not. If so, <see cref="Leave"/> must follow with the same instant.</summary>
    internal bool TryEnter(out TimeSpan entered)
    {
        entered = Now;
        EntryVerdict verdict;
        var begins = false;
        lock (_gate)
        {
            verdict = _control.TryEnter(entered);
            if (verdict != EntryVerdict.Entered && _watch is null)
            {
                begins = true;
                _watch = _time.CreateTimer(_ => CheckStorm(), null, AdmissionControl.Quiet, TimeSpan.FromSeconds(1));
            }
        }

        if (verdict == EntryVerdict.Entered)
            return true;
        _metrics.Refused(verdict == EntryVerdict.Rate ? "rate" : "under_way");
        if (begins)
            StormBegins(State.Limit, State.PerSecond);
        return false;
    }

    /// <summary>A connect is over as far as the cluster is concerned.</summary>
    internal void Leave(TimeSpan entered, ConnectEnd end)
    {
        lock (_gate)
            _control.Leave(Now, entered, end);
    }

    /// <summary>A join begins. <see cref="JoinEnded"/> must follow with the same instant.</summary>
    internal TimeSpan JoinBegan()
    {
        var now = Now;
        lock (_gate)
            _control.JoinBegan(now);
        return now;
    }

    /// <summary>A join is over.</summary>
    internal void JoinEnded(TimeSpan began, bool failed)
    {
        lock (_gate)
            _control.JoinEnded(Now, began, failed);
    }

    /// <summary>Notes that all places for sockets are taken.</summary>
    /// <param name="reason">Which.</param>
    internal void Full(string reason) => _metrics.Refused(reason);

    /// <summary>After how many seconds a device that is refused is to come back.</summary>
    /// <param name="shortest">Drawn from at least so many seconds, and from more if many are to come back already.</param>
    internal int SendAway(int shortest)
    {
        var chance = Random.Shared.NextDouble();
        lock (_gate)
            return _control.SendAway(Now, shortest, chance);
    }

    /// <inheritdoc />
    public void Dispose() => _watch?.Dispose();

    private void CheckStorm()
    {
        Storm? storm;
        lock (_gate)
        {
            storm = _control.TakeEndedStorm(Now);
            if (storm is null)
                return;
            _watch?.Dispose();
            _watch = null;
        }

        StormEnded((storm.LastRefusal - storm.Began).TotalSeconds, storm.Entered, storm.RefusedUnderWay, storm.RefusedRate, storm.MostWaiting);
    }

    [LoggerMessage(
        EventId = 1171,
        Level = LogLevel.Warning,
        Message = "More connects come than are taken on (at most {Limit} under way, {PerSecond:0} per second); devices are told when to come back")]
    private partial void StormBegins(int limit, double perSecond);

    [LoggerMessage(
        EventId = 1172,
        Level = LogLevel.Information,
        Message = "All connects are taken on again. In {Seconds:0.0} s {Entered} were, {UnderWay} were refused with too many under way "
            + "and {Rate} as too many per second; at most {Waiting} devices waited")]
    private partial void StormEnded(double seconds, long entered, long underWay, long rate, int waiting);
}
