using Firezone.Gateway.WebSockets.Options;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Cluster;

/// <summary>
/// Lets a bounded number of sessions be attached again at one time, the first first. A silo that leaves gives thousands away at once, and those that
/// somebody waits for must not wait behind all others: they go besides. Thread-safe.
/// </summary>
internal sealed class ReattachTurns(IOptions<FrontEndOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Queue<ReattachTurn> _waiting = new();
    private int _free = options.Value.MaxConcurrentReattaches;

    /// <summary>Takes a place, or joins the queue. <see cref="Leave"/> must follow.</summary>
    internal ReattachTurn Enter()
    {
        var turn = new ReattachTurn();
        lock (_gate)
        {
            if (_free == 0)
            {
                _waiting.Enqueue(turn);
                return turn;
            }

            _free--;
            Give(turn);
        }

        return turn;
    }

    /// <summary>Somebody waits for this one: it does not wait any longer.</summary>
    internal void Hurry(ReattachTurn turn)
    {
        lock (_gate)
            turn.TrySetResult();
    }

    /// <summary>The session is attached, or could not be.</summary>
    internal void Leave(ReattachTurn turn)
    {
        lock (_gate)
        {
            if (!turn.HasPlace)
                return;
            turn.HasPlace = false;
            while (_waiting.TryDequeue(out var next))
            {
                if (next.Task.IsCompleted)
                    continue; // Has hurried.
                Give(next);
                return;
            }

            _free++;
        }
    }

    private static void Give(ReattachTurn turn)
    {
        turn.HasPlace = true;
        turn.SetResult();
    }
}
