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

    /// <summary>The peer violated RFC 6455 and has been sent its close frame.</summary>
    Violation = 4,

    /// <summary>The connection broke.</summary>
    Broken = 5,
}
