namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>What came out of a socket.</summary>
internal enum ReceivedKind
{
    /// <summary>A complete text message.</summary>
    Text = 0,

    /// <summary>The peer's close frame.</summary>
    Close = 1,

    /// <summary>A binary message, which this protocol does not have.</summary>
    Binary = 2,

    /// <summary>A message longer than allowed; its rest is still to come.</summary>
    TooLarge = 3,

    /// <summary>The connection broke, or the peer violated RFC 6455 and has been told so.</summary>
    Broken = 4,
}
