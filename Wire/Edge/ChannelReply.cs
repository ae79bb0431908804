namespace Firezone.Wire.Edge;

/// <summary>The payload of a <c>phx_reply</c>.</summary>
/// <param name="Ok">Status <c>ok</c>; otherwise <c>error</c>.</param>
/// <param name="Reason">The <c>reason</c> of the response, null if it has none.</param>
/// <param name="Response">Raw JSON; points into the receive buffer.</param>
public readonly record struct ChannelReply(bool Ok, string? Reason, ReadOnlyMemory<byte> Response)
{
    /// <summary>The only response that native peers take for the acknowledgement of a join.</summary>
    public bool IsJoinAcknowledgement => Ok && Response.Span.SequenceEqual("{}"u8);
}
