using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Grains.Abstractions.RateLimiting;

namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>
/// Asks one partition of the cluster's limit. One call is under way at a time, and whoever comes meanwhile joins the next: the busier the
/// cluster, the fewer calls.
/// </summary>
internal sealed class PartitionQuestions(
    IGrainFactory grains, int partition, ConnectRate rate, TimeSpan patience, GrainCalls calls, TimeProvider time)
    : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private Batch? _next;
    private bool _calling;

    // Looked up once, and not before the cluster is known: each time would cost as much as all else here.
    private IConnectRateGrain? _grain;

    /// <summary>Whether there was a token, or null if the cluster does not say so in time.</summary>
    internal async Task<bool?> AskAsync(ulong key, CancellationToken cancellationToken)
    {
        if (Join(key) is not var (batch, index))
            return null;
        try
        {
            return (await batch.Answer.Task.WaitAsync(patience, time, cancellationToken))?[index];
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Makes calls until nobody waits.</summary>
    public async void Execute()
    {
        while (TakeNext() is { } batch)
            batch.Answer.SetResult(await CallAsync(batch));
    }

    private (Batch Batch, int Index)? Join(ulong key)
    {
        lock (_gate)
        {
            var batch = _next ??= new Batch();
            if (batch.Keys.Count == IConnectRateGrain.MaxKeys)
                return null;
            batch.Keys.Add(key);
            if (!_calling)
            {
                // Behind the work that waits already, so that connects which are handled at this moment come along.
                _calling = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            return (batch, batch.Keys.Count - 1);
        }
    }

    private Batch? TakeNext()
    {
        lock (_gate)
        {
            var batch = _next;
            _next = null;
            _calling = batch is not null;
            return batch;
        }
    }

    private async Task<bool[]?> CallAsync(Batch batch)
    {
        try
        {
            // Not repeated: the tokens may have been taken although no answer came.
            _grain ??= grains.GetGrain<IConnectRateGrain>(partition);
            return await _grain.Take([.. batch.Keys], rate).WaitAsync(patience, time);
        }
        catch (Exception e)
        {
            calls.Report(e);
            return null;
        }
    }

    private sealed class Batch
    {
        internal List<ulong> Keys { get; } = [];

        internal TaskCompletionSource<bool[]?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
