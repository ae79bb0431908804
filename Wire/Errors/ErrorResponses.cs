using Firezone.Wire.Json;

namespace Firezone.Wire.Errors;

/// <summary>The <c>response</c> members of replies with status <c>error</c>, as UTF-8 JSON, and what native peers make of them.</summary>
public static class ErrorResponses
{
    /// <summary>
    /// To a join of an unknown topic: fatal for the peer. To any other message: the peer joins anew on the same socket.
    /// </summary>
    public static ReadOnlyMemory<byte> UnmatchedTopic { get; } = "{\"reason\":\"unmatched topic\"}"u8.ToArray();

    /// <summary>To a join that fails: fatal for the peer.</summary>
    public static ReadOnlyMemory<byte> JoinCrashed { get; } = "{\"reason\":\"join crashed\"}"u8.ToArray();

    /// <summary>To an unknown event or one with unfit members: logged by the peer.</summary>
    public static ReadOnlyMemory<byte> UnknownMessage { get; } = "{\"reason\":\"unknown_message\"}"u8.ToArray();

    /// <summary>To a gateway's answer to a request that it was not given.</summary>
    public static ReadOnlyMemory<byte> InvalidRef { get; } = "{\"reason\":\"invalid_ref\"}"u8.ToArray();

    /// <summary>The response of every successful reply that carries nothing.</summary>
    public static ReadOnlyMemory<byte> Empty { get; } = "{}"u8.ToArray();

    /// <summary>Any other reason.</summary>
    public static ReadOnlyMemory<byte> Reason(string reason) => Reason(reason, null);

    /// <summary>
    /// A reason with the properties of the policy conditions that failed; the deprecated <c>prepare_connection</c> gives them with
    /// <c>forbidden</c>. The member is left out if there are none.
    /// </summary>
    public static ReadOnlyMemory<byte> Reason(string reason, IReadOnlyList<string>? violatedProperties)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("reason"u8, reason);
        if (violatedProperties is { Count: > 0 })
            w.WriteStrings("violated_properties"u8, violatedProperties);
        w.WriteEndObject();
        return json.ToArray();
    }
}
