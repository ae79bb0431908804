namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>What is to become of a push that has arrived.</summary>
internal enum PushTurn
{
    /// <summary>It is the next one, or has no number: write it.</summary>
    Now = 0,

    /// <summary>Others are missing before it: keep it.</summary>
    Early = 1,

    /// <summary>It belongs to an earlier attach, whose state the last one has replaced: drop it, unless it is no state.</summary>
    Stale = 2,
}
