namespace Firezone.Silos.Operations.Collecting;

/// <summary>
/// What the Orleans dashboard collects on this silo. It measures every message for that, so it begins with the first look at the dashboard and
/// ends when nobody has looked for a while.
/// </summary>
/// <param name="make">The part of the dashboard that collects, from its start until it is disposed of.</param>
/// <param name="time">For the end.</param>
/// <param name="logger">One line per change.</param>
internal sealed partial class DashboardCollection(Func<IHostedService> make, TimeProvider time, ILogger<DashboardCollection> logger) : IAsyncDisposable
{
    /// <summary>So long after the last look it ends.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private IHostedService? _collector;
    private ITimer? _end;
    private long _seen;
    private bool _isOver;

    /// <summary>Whether anything is measured.</summary>
    internal bool IsOn => Volatile.Read(ref _collector) is not null;

    /// <summary>Begins, unless it has, and goes on for a while from now.</summary>
    internal async Task LookAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_isOver)
                return;
            _seen = time.GetTimestamp();
            if (_collector is not null)
                return;
            var collector = make();
            await collector.StartAsync(CancellationToken.None);
            Volatile.Write(ref _collector, collector);
            _end = time.CreateTimer(static self => _ = ((DashboardCollection)self!).EndAsync(Patience), this, Patience, Timeout.InfiniteTimeSpan);
            LogBegins(logger);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends, unless somebody has looked within that time.</summary>
    internal async Task EndAsync(TimeSpan patience)
    {
        await _turn.WaitAsync();
        try
        {
            if (_isOver)
                return;
            var left = patience - time.GetElapsedTime(_seen);
            if (left > TimeSpan.Zero)
            {
                _end?.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            await StopAsync();
            LogEnds(logger);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            _isOver = true;
            await StopAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task StopAsync()
    {
        _end?.Dispose();
        _end = null;
        if (Interlocked.Exchange(ref _collector, null) is not { } collector)
            return;
        await collector.StopAsync(CancellationToken.None);
        if (collector is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    [LoggerMessage(EventId = 4104, Level = LogLevel.Information,
        Message = "Collects for the Orleans dashboard from now on, because somebody looks at it")]
    private static partial void LogBegins(ILogger logger);

    [LoggerMessage(EventId = 4105, Level = LogLevel.Information,
        Message = "Collects nothing for the Orleans dashboard any more; nobody looks at it")]
    private static partial void LogEnds(ILogger logger);
}
