namespace Firezone.Wire.Frames;

/// <summary>What <see cref="FrameReader"/> is willing to look at.</summary>
/// <param name="MaxBytes">Largest message in bytes.</param>
/// <param name="MaxDepth">Most arrays and objects inside each other, the frame itself included; at least 1.</param>
public sealed record FrameLimits(int MaxBytes, int MaxDepth)
{
    /// <summary>For what peers send: 256 KiB, depth 32. A peer's largest regular message is a few kilobytes.</summary>
    public static FrameLimits Default { get; } = new(256 * 1024, 32);

    /// <summary>For what a portal sends: 16 MiB, depth 64, the frame limit of native peers. An <c>init</c> lists all resources.</summary>
    public static FrameLimits FromPortal { get; } = new(16 * 1024 * 1024, 64);
}
