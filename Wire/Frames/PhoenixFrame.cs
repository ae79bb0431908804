namespace Firezone.Wire.Frames;

/// <summary>One received frame. Its slices point into the receive buffer and die with it: copy what outlives the handling.</summary>
public readonly struct PhoenixFrame
{
    /// <summary>The constant of <see cref="Topics"/> if it is one of those, otherwise a string of at most 128 bytes in UTF-8.</summary>
    public required string Topic { get; init; }

    /// <summary>The constant of <see cref="Events"/> if it is one of those, otherwise a string of at most 128 bytes in UTF-8.</summary>
    public required string Event { get; init; }

    /// <summary>Raw JSON text of the ref, to be echoed verbatim; empty if null or absent.</summary>
    public ReadOnlyMemory<byte> Ref { get; init; }

    /// <summary>Raw JSON text of the join ref; always empty in version 1, which has none.</summary>
    public ReadOnlyMemory<byte> JoinRef { get; init; }

    /// <summary>Raw JSON text of the payload: any JSON value, <c>null</c> included. Never empty.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Topic and event only: payloads carry keys.</summary>
    public override string ToString() => $"{Event} on {Topic}";
}
