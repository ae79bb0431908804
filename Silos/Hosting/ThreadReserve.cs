using Firezone.Storage.Postgres;

namespace Firezone.Silos.Hosting;

/// <summary>
/// Keeps the thread pool from running out of threads while the database stands still: Npgsql sends a cancellation for each command that
/// has waited for too long, and blocks a thread until the server has taken it. There is one for each connection at most; the pool by itself
/// adds one or two threads a second, while leases end and flows go unanswered. The threads are reserved when it comes to that and not before:
/// a pool that may wake more of them than there are processors spends a tenth of a connect's time on switching between them.
/// </summary>
internal sealed partial class ThreadReserve(Database database, ILogger<ThreadReserve> logger) : IHostedService, IDisposable
{
    private const int CalmLooks = 240;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEventSlim _stopping = new();
    private int _workers;
    private int _completions;
    private long _completed;
    private int _calm;
    private bool _isReserved;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ThreadPool.GetMinThreads(out _workers, out _completions);
        // A thread of its own: what it looks for is that the pool has none left.
        new Thread(Watch) { IsBackground = true, Name = "thread reserve" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.Set();
        return Task.CompletedTask;
    }

    public void Dispose() => _stopping.Dispose();

    private void Watch()
    {
        try
        {
            while (!_stopping.Wait(Interval))
                Look();
        }
        catch (ObjectDisposedException)
        {
            // The process ends.
        }
    }

    private void Look()
    {
        var completed = ThreadPool.CompletedWorkItemCount;
        var isStuck = completed == _completed && ThreadPool.PendingWorkItemCount > 0;
        _completed = completed;
        _calm = isStuck ? 0 : _calm + 1;
        if (isStuck && !_isReserved)
        {
            _isReserved = true;
            ThreadPool.SetMinThreads(_workers + database.PoolSize, _completions);
            Reserved(database.PoolSize);
        }
        else if (_isReserved && _calm >= CalmLooks)
        {
            _isReserved = false;
            ThreadPool.SetMinThreads(_workers, _completions);
        }
    }

    [LoggerMessage(4021, LogLevel.Warning, "All threads of the pool wait for something; {Threads} more are reserved for a minute or longer")]
    private partial void Reserved(int threads);
}
