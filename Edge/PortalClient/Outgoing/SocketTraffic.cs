using Firezone.Edge.PortalClient.Frames;
using Firezone.Wire.Frames;

namespace Firezone.Edge.PortalClient.Outgoing;

/// <summary>
/// What belongs to one socket and dies with it: request numbers (from 0), the write in progress, control frames that wait, heartbeats
/// without an answer.
/// </summary>
internal sealed class SocketTraffic
{
    private const int RememberedRequests = 64;
    private readonly Queue<PortalFrame> _control = new();
    private readonly Queue<(long Ref, string Event)> _requests = new();
    private long _nextRef;

    public required int Attempt { get; init; }

    public required TimeSpan HeartbeatAt { get; set; }

    public int UnansweredHeartbeats { get; set; }

    /// <summary>A frame is on its way into the socket; no other may be written.</summary>
    public bool Writing { get; set; }

    public bool HeartbeatWaits => _control.Any(frame => frame.Event == Events.Heartbeat);

    public long TakeRef() => _nextRef++;

    public void AddControl(PortalFrame frame) => _control.Enqueue(frame);

    public bool TryTakeControl(out PortalFrame frame) => _control.TryDequeue(out frame!);

    /// <summary>Remembers which event a request number stands for, so that a reply can be named.</summary>
    public void Remember(long requestRef, string eventName)
    {
        if (_requests.Count == RememberedRequests)
            _requests.Dequeue();
        _requests.Enqueue((requestRef, eventName));
    }

    public string? EventOf(long? requestRef)
    {
        foreach (var (known, eventName) in _requests)
        {
            if (known == requestRef)
                return eventName;
        }

        return null;
    }
}
