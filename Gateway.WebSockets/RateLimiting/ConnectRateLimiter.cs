using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.RateLimiting;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.RateLimiting;

/// <summary>
/// Limits how often a peer may try to connect, exactly so in the whole cluster: what passes this process's own buckets is asked of the
/// cluster's, unless no other front-end is there. Asked before the token is looked at. Thread-safe.
/// </summary>
internal sealed class ConnectRateLimiter
{
    private readonly bool _enabled;
    private readonly LocalConnectRateLimiter _local;
    private readonly IGrainFactory _grains;
    private readonly PartitionQuestions[] _questions = new PartitionQuestions[IConnectRateGrain.Partitions];
    private readonly Solitude _solitude;
    private readonly GrainCalls _calls;
    private readonly ConnectRateMetrics _metrics;

    public ConnectRateLimiter(
        IOptions<FrontEndOptions> options,
        LocalConnectRateLimiter local,
        IGrainFactory grains,
        GrainCalls calls,
        ConnectRateMetrics metrics,
        TimeProvider time)
    {
        var settings = options.Value.ConnectRate;
        _enabled = settings.Enabled;
        _local = local;
        _grains = grains;
        _calls = calls;
        _metrics = metrics;
        _solitude = new Solitude(local.Rate, time);
        for (var i = 0; i < _questions.Length; i++)
            _questions[i] = new PartitionQuestions(grains, i, local.Rate, settings.AnswerTimeout, calls, time);
    }

    /// <summary>True if the connect may go on. If the cluster does not answer in time, this process's own verdict stands.</summary>
    internal async ValueTask<bool> TryAcquireAsync(ConnectRateKey key, CancellationToken cancellationToken)
    {
        if (!_enabled)
            return true;
        if (!_local.TryAcquire(key))
            return false;
        if (_solitude.IsAlone)
            return true;

        var verdict = await _questions[key.Partition].AskAsync(key.Value, cancellationToken);
        _metrics.Asked(verdict);
        if (verdict is false)
            _local.Refused(key);
        return verdict ?? true;
    }

    /// <summary>Takes what a renewed lease says about other front-ends.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="askedAt">When it was asked for.</param>
    internal void Renewed(FrontEndLease lease, long askedAt)
    {
        // Half of the lease: whoever cannot renew finds no cluster to ask either, and its lease ends in time all the same.
        if (!_solitude.Told(lease.Alone, askedAt, lease.Duration / 2))
            _ = HandOverAsync();
    }

    /// <summary>
    /// Another front-end is about to be let in. From now on the cluster is asked; when this completes, it knows what was given out before.
    /// </summary>
    internal Task ShareAsync()
    {
        _solitude.Share();
        return _enabled ? HandOverAsync() : Task.CompletedTask;
    }

    // A connect that has taken its token before and asks only after this is refused although nobody else has it. It comes again.
    private Task HandOverAsync() => Task.WhenAll(Enumerable.Range(0, _questions.Length).Select(HandOverAsync));

    private async Task HandOverAsync(int partition)
    {
        try
        {
            var grain = _grains.GetGrain<IConnectRateGrain>(partition);
            foreach (var levels in _local.NotFull(partition).Chunk(IConnectRateGrain.MaxKeys))
                await grain.Lower([.. levels.Select(l => l.Key)], [.. levels.Select(l => l.Tokens)], _local.Rate);
        }
        catch (Exception e)
        {
            _calls.Report(e);
        }
    }
}
