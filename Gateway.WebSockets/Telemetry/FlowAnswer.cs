using System.Text.Json;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>What the answer to a request for a flow says of it: rendered by grains, read only if somebody waits for it.</summary>
/// <param name="ResourceId">The resource that was asked for; empty in replies, which have a ref.</param>
/// <param name="Outcome">A word of a small fixed set.</param>
internal readonly record struct FlowAnswer(Guid ResourceId, string Outcome)
{
    internal const string Granted = "granted";

    private static readonly string[] Reasons = ["not_found", "offline", "version_mismatch", "forbidden"];

    internal static FlowAnswer Read(bool granted, ReadOnlySpan<byte> payload)
    {
        var resource = Guid.Empty;
        var outcome = granted ? Granted : "refused";
        var json = new Utf8JsonReader(payload);
        try
        {
            // Both members come first; what follows is not looked at.
            for (var members = 0; members < 2 && json.Read() && (json.TokenType != JsonTokenType.StartObject || json.Read()); members++)
            {
                if (json.TokenType != JsonTokenType.PropertyName)
                    break;
                var isResource = json.ValueTextEquals("resource_id"u8);
                var isReason = json.ValueTextEquals("reason"u8);
                json.Read();
                if (isResource)
                    json.TryGetGuid(out resource);
                else if (isReason && !granted)
                    outcome = Reason(json);
                else
                    break;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not an object of ours: an answer all the same.
        }

        return new(resource, outcome);
    }

    private static string Reason(in Utf8JsonReader json)
    {
        foreach (var reason in Reasons)
        {
            if (json.ValueTextEquals(reason))
                return reason;
        }

        return "refused";
    }
}
