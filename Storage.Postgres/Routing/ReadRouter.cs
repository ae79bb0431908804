using System.Net.Sockets;
using Firezone.Storage.Postgres.Availability;
using Npgsql;

namespace Firezone.Storage.Postgres.Routing;

/// <summary>Reads from a replica that is new enough, else from the primary.</summary>
internal sealed class ReadRouter : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);

    private readonly WarmConnections _primary;
    private readonly TimeProvider _time;
    private readonly StorageMetrics _metrics;
    private uint _turn;

    public ReadRouter(
        WarmConnections primary,
        PrimaryGuard guard,
        IReadOnlyList<Replica> replicas,
        ReplicaOptions options,
        TimeProvider time,
        StorageMetrics metrics)
    {
        _primary = primary;
        _time = time;
        _metrics = metrics;
        Guard = guard;
        Replicas = replicas;
        Options = options;
        Barrier = new PrimaryBarrier(AskAsync, options.BarrierPace, time);
        metrics.Observe(() => replicas.Select(r => r.Status));
    }

    public PrimaryGuard Guard { get; }

    public IReadOnlyList<Replica> Replicas { get; }

    public ReplicaOptions Options { get; }

    public PrimaryBarrier Barrier { get; }

    /// <summary>The state of the database as of this call, or newer.</summary>
    public async Task<T> ReadAsync<T>(ReadQuery<T> query, CancellationToken ct)
    {
        // Without the primary's position nothing that a replica says can be judged: if the primary is away, the read fails.
        if (!Replicas.Any(replica => replica.Health.CanServe(null)))
            return await AskPrimaryAsync(query, "no_replica", ct);
        var position = await Barrier.PassAsync(ct);
        return await ReadAsync(query, position.Timeline, source => query.RunAsync(source, position.Lsn, position.Now(_time), ct), ct);
    }

    /// <summary>A state of the database that the caller can recognise as new enough.</summary>
    public Task<T> ReadAsync<T>(ReadQuery<T> query, Func<T, ReplicaAnswer> judge, CancellationToken ct) =>
        ReadAsync<T>(query, null, async source => await query.RunAsync(source, ct) is var value ? (judge(value), value) : default, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var replica in Replicas)
            await replica.DisposeAsync();
    }

    private async Task<T> ReadAsync<T>(
        ReadQuery<T> query, uint? timeline, Func<NpgsqlDataSource, Task<(ReplicaAnswer Answer, T? Value)>> run, CancellationToken ct)
    {
        if (Next(timeline) is not { } replica)
            return await AskPrimaryAsync(query, "no_replica", ct);
        using var use = CancellationTokenSource.CreateLinkedTokenSource(ct, replica.Use);
        long? started = null;
        for (var pause = FirstPause; ; pause *= 2)
        {
            var (answer, value) = (ReplicaAnswer.Busy, default(T));
            try
            {
                if (await replica.EnterAsync(use.Token))
                {
                    started ??= _time.GetTimestamp();
                    // Who lets go does not wait for the end: even to cancel a statement takes a server that answers. On its own, because the
                    // caller may be a grain, whose scheduler goes away with it.
                    (answer, value) = await Task.Run(() => RunAsync(replica, run), CancellationToken.None).WaitAsync(use.Token);
                }
            }
            catch (Exception e) when (IsOfServer(e) && !ct.IsCancellationRequested)
            {
                if (!use.IsCancellationRequested)
                    replica.Failed(e);
                return await AskPrimaryAsync(query, "error", ct);
            }

            switch (answer)
            {
                case ReplicaAnswer.Good:
                    _metrics.Read("replica", "new_enough");
                    return value!;
                case ReplicaAnswer.Busy:
                    return await AskPrimaryAsync(query, "busy", ct);
                case ReplicaAnswer.Useless:
                    return await AskPrimaryAsync(query, "useless", ct);
                case ReplicaAnswer.Promoted:
                    replica.Promoted();
                    return await AskPrimaryAsync(query, "promoted", ct);
            }
            var rest = Options.MaxWait - _time.GetElapsedTime(started!.Value);
            if (rest <= TimeSpan.Zero)
            {
                replica.Missed();
                return await AskPrimaryAsync(query, "behind", ct);
            }
            await Task.Delay(pause < rest ? pause : rest, _time, ct);
        }
    }

    private static async Task<(ReplicaAnswer Answer, T? Value)> RunAsync<T>(
        Replica replica, Func<NpgsqlDataSource, Task<(ReplicaAnswer Answer, T? Value)>> run)
    {
        try
        {
            return await run(replica.Reads);
        }
        finally
        {
            replica.Leave();
        }
    }

    private Task<T> AskPrimaryAsync<T>(ReadQuery<T> query, string why, CancellationToken ct)
    {
        _metrics.Read("primary", why);
        return _primary.UseAsync(primary => query.RunAsync(primary, ct), ct);
    }

    private Replica? Next(uint? timeline)
    {
        var first = Interlocked.Increment(ref _turn);
        for (var i = 0u; i < Replicas.Count; i++)
        {
            var replica = Replicas[(int)((first + i) % (uint)Replicas.Count)];
            if (replica.Health.CanServe(timeline))
                return replica;
        }
        return null;
    }

    private static bool IsOfServer(Exception e) =>
        e is NpgsqlException or TimeoutException or IOException or SocketException or OperationCanceledException;

    private async Task<PrimaryPosition> AskAsync()
    {
        var position = await _primary.UseAsync(primary => PrimaryPosition.AskAsync(primary, _time), CancellationToken.None);
        _metrics.Barrier();
        try
        {
            Guard.Admit(position.Timeline);
        }
        catch (OldPrimaryException)
        {
            _primary.Clear(); // what is pooled leads there too
            throw;
        }
        return position;
    }
}
