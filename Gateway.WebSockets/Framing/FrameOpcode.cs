namespace Firezone.Gateway.WebSockets.Framing;

/// <summary>What a WebSocket frame is (RFC 6455 section 5.2). Those from 8 on are control frames.</summary>
internal enum FrameOpcode : byte
{
    /// <summary>More of the message that is under way.</summary>
    Continuation = 0,

    /// <summary>A text message, or its beginning.</summary>
    Text = 1,

    /// <summary>A binary message, or its beginning.</summary>
    Binary = 2,

    /// <summary>The peer's last frame.</summary>
    Close = 8,

    /// <summary>To be answered with a pong of the same content.</summary>
    Ping = 9,

    /// <summary>The answer to a ping, or nothing at all.</summary>
    Pong = 10,
}
