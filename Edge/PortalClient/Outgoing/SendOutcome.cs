namespace Firezone.Edge.PortalClient.Outgoing;

/// <summary>What became of a message handed to the channel.</summary>
public enum SendOutcome
{
    /// <summary>It is on its way or waits its turn.</summary>
    Accepted,

    /// <summary>An equal message is already waiting; this one adds nothing.</summary>
    Duplicate,

    /// <summary>It waits, but the messages that waited before it were dropped because there were too many.</summary>
    DroppedOlder,

    /// <summary>Refused: the channel is joined and too many messages wait for the socket. Try again later.</summary>
    Full,

    /// <summary>Refused: the channel has not been started, or has ended.</summary>
    Closed,
}
