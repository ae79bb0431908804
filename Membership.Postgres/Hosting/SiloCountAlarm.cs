using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>
/// Raises one alarm when fewer silos than expected have been active for longer than a restart takes, and one line when they are back. A
/// rolling deploy, in which the number dips again and again for a while, raises none.
/// </summary>
internal sealed partial class SiloCountAlarm : IDisposable
{
    private readonly int _expected;
    private readonly TimeSpan _grace;
    private readonly ILogger<SiloCountAlarm> _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private int _active;
    private bool _low;
    private bool _raised;

    internal SiloCountAlarm(IOptions<PostgresMembershipOptions> options, TimeProvider time, ILogger<SiloCountAlarm> logger)
    {
        (_expected, _grace, _logger) = (options.Value.ExpectedSilos, options.Value.ExpectedSilosGrace, logger);
        _timer = time.CreateTimer(static alarm => ((SiloCountAlarm)alarm!).Raise(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the alarm is on.</summary>
    internal bool IsRaised
    {
        get
        {
            lock (_gate)
                return _raised;
        }
    }

    /// <summary>Takes the number of active silos.</summary>
    internal void Count(int active)
    {
        lock (_gate)
        {
            _active = active;
            var low = active < _expected;
            if (low == _low)
                return;
            _low = low;
            _timer.Change(low ? _grace : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (!low && _raised)
            {
                _raised = false;
                Enough(active, _expected);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Raise()
    {
        lock (_gate)
        {
            if (!_low || _raised)
                return;
            _raised = true;
            TooFew(_active, _expected, _grace);
        }
    }

    [LoggerMessage(EventId = 7241, Level = LogLevel.Error, Message = "Only {Active} of {Expected} expected silos have been active for {Grace}")]
    private partial void TooFew(int active, int expected, TimeSpan grace);

    [LoggerMessage(EventId = 7242, Level = LogLevel.Information, Message = "{Active} silos are active again, of {Expected} expected")]
    private partial void Enough(int active, int expected);
}
