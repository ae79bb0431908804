using System.Text.Json.Nodes;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Tests.Cluster;
using Orleans.Core.Internal;

namespace Firezone.Grains.Tests.Model;

/// <summary>
/// One socket of a device: attaches as the front-end does and applies what is pushed as the device does. Thread-safe.
/// </summary>
internal abstract class ModelSession(GrainCluster cluster, string name, DateTimeOffset openedAt)
{
    private readonly Lock _lock = new();
    private readonly List<string> _log = [];
    private long _firstPush;
    private int _losses;
    private bool _holding = true;
    private ulong _viewHash;

    public string Name { get; } = name;

    public SessionRef Ref { get; } = cluster.NewSession(openedAt);

    public Guid Id => Ref.SessionId;

    /// <summary>Where its grain is, null before the first attach.</summary>
    public string? Silo { get; private set; }

    /// <summary>Why the socket was closed; null while it is open.</summary>
    public string? End { get; private set; }

    /// <summary>The grain has gone: to be attached again.</summary>
    public bool IsLost { get; private set; }

    /// <summary>What was pushed against the rules. Never empties.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Attaches: a new session, or an open one again whose grain was lost.</summary>
    public async Task AttachAsync(bool resume = false)
    {
        Resume? last;
        lock (_lock)
        {
            if (resume)
                DrainInside();
            // What still comes from the activation before is dropped, as its numbers are too low.
            (_holding, IsLost) = (true, false);
            last = resume ? new Resume(_viewHash) : null;
        }

        var result = await AttachAsync(last);
        lock (_lock)
        {
            _holding = false;
            Log($"attached: {result.Status}{(result.Init is null ? ", init as before" : "")}");
            if (result.Status is not AttachStatus.Attached)
            {
                End ??= result.Status.ToString();
                return;
            }

            _firstPush = result.FirstPush;
            cluster.FrontEnd.Begin(Id, result.FirstPush);
            (Silo, _viewHash) = (result.Silo, result.ViewHash);
            if (result.Init is { } init)
                Apply("init", JsonNode.Parse(init), result.ViewHash);
        }
    }

    /// <summary>Takes the grain away, as a stopping silo does. Its front-end hears of it.</summary>
    public async Task LoseAsync()
    {
        // The numbers of pushes come from this clock: those of the next activation are to be higher.
        cluster.Time.Advance(TimeSpan.FromMicroseconds(100));
        var before = Volatile.Read(ref _losses);
        await Grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        // Whoever applies what comes sees it go; it may end for another reason first.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Volatile.Read(ref _losses) == before && End is null)
            await Task.Delay(2, limit.Token);
    }

    /// <summary>The device closes its socket.</summary>
    public async Task LeaveAsync()
    {
        lock (_lock)
            End ??= "Left";
        await DetachAsync();
    }

    /// <summary>The device has dropped its socket without a word; it opens another.</summary>
    public void Abandon()
    {
        lock (_lock)
            End ??= "Abandoned";
    }

    /// <summary>Completes when the device has something to take.</summary>
    public Task WhenReceivedAsync(CancellationToken ct) => cluster.FrontEnd.WhenReceivedAsync(Id, ct);

    /// <summary>Applies everything that has come.</summary>
    public void Drain()
    {
        lock (_lock)
            DrainInside();
    }

    /// <summary>Comes back when everything that the grain had to do before has been done.</summary>
    public abstract Task MarkAsync();

    /// <summary>The last things that were pushed.</summary>
    public string Tail()
    {
        lock (_lock)
            return $"{Name} {Id:N}: {string.Join("\n      ", _log.TakeLast(25))}";
    }

    protected abstract IAddressable Grain { get; }

    protected abstract Task<AttachResult> AttachAsync(Resume? resume);

    protected abstract Task DetachAsync();

    /// <summary>Applies a push, or the init of an attach.</summary>
    protected abstract void Apply(string eventName, JsonNode? payload, ulong viewHash);

    protected void Log(string line) => _log.Add(line);

    private void DrainInside()
    {
        while (!_holding && End is null && cluster.FrontEnd.TryTake(Id, out var received))
        {
            if (received.Sequence != 0 && received.Sequence < _firstPush)
                continue;
            Log($"{received.Event} {received.Payload?.ToJsonString()}{(received.ViewHash != 0 ? " #" : "")}");
            if (received.Event.StartsWith("close:", StringComparison.Ordinal))
            {
                End = received.Event["close:".Length..];
            }
            else if (received.Event == "lost")
            {
                IsLost = true;
                _losses++;
            }
            else
            {
                if (received.ViewHash != 0)
                    _viewHash = received.ViewHash;
                Apply(received.Event, received.Payload, received.ViewHash);
            }
        }
    }
}
