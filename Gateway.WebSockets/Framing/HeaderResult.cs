namespace Firezone.Gateway.WebSockets.Framing;

/// <summary>What the bytes at the beginning of a frame are.</summary>
internal enum HeaderResult
{
    /// <summary>A header.</summary>
    Complete = 0,

    /// <summary>The beginning of one, as far as can be told.</summary>
    Incomplete = 1,

    /// <summary>Something that a client must not send.</summary>
    Invalid = 2,
}
