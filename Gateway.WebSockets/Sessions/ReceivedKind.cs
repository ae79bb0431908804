namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>What came out of a socket.</summary>
internal enum ReceivedKind
{
    /// <summary>A complete text message.</summary>
    Text = 0,

    /// <summary>The peer's close frame; the code is the one to answer with.</summary>
    Close = 1,

    /// <summary>Something that ends the socket with the code given; its rest may still be to come.</summary>
    Unacceptable = 2,

    /// <summary>The connection broke.</summary>
    Broken = 3,
}
