namespace Firezone.Gateway.WebSockets.Options;

/// <summary>
/// Bounds of what may wait to be sent to one peer; a peer that falls behind is disconnected. Section <c>FrontEnd:Outbox</c>.
/// </summary>
public sealed class OutboxOptions
{
    /// <summary>Most waiting frames. Default 1024.</summary>
    public int MaxFrames { get; set; } = 1024;

    /// <summary>Most waiting bytes; a single frame may be larger if nothing else waits, and <c>init</c> always. Default 4 MiB.</summary>
    public int MaxBytes { get; set; } = 4 * 1024 * 1024;
}
