namespace Firezone.Edge.PortalClient.Outgoing;

/// <summary>
/// Messages that wait for the join or for the socket, bounded and without repetitions. Intents and candidates are soon stale: on
/// overflow before the join the whole queue goes, as in Firezone's own devices.
/// </summary>
/// <param name="capacity">How many messages may wait.</param>
internal sealed class OutgoingQueue(int capacity)
{
    private readonly Queue<OutgoingMessage> _waiting = new();

    public int Count => _waiting.Count;

    public SendOutcome Add(string eventName, ReadOnlyMemory<byte> payload, bool joined)
    {
        foreach (var message in _waiting)
        {
            if (message.Says(eventName, payload.Span))
                return SendOutcome.Duplicate;
        }

        var outcome = SendOutcome.Accepted;
        if (_waiting.Count >= capacity)
        {
            if (joined)
                return SendOutcome.Full;
            _waiting.Clear();
            outcome = SendOutcome.DroppedOlder;
        }

        _waiting.Enqueue(new OutgoingMessage(eventName, payload));
        return outcome;
    }

    public bool TryTake(out OutgoingMessage message) => _waiting.TryDequeue(out message);

    public void Clear() => _waiting.Clear();
}
