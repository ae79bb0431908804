using System.Text;

namespace Firezone.Bench.Load;

/// <summary>
/// The few messages that load is made of, as peers of the first serializer write them. Those of a portal are recognised by searching, because
/// it writes topic and event before the payload and the ref at the end.
/// </summary>
internal static class Messages
{
    /// <summary>A heartbeat that is measured.</summary>
    public static readonly byte[] Heartbeat = HeartbeatWith(1);

    /// <summary>A heartbeat that keeps a session alive; another ref, so that its reply is nobody else's.</summary>
    public static readonly byte[] Beat = HeartbeatWith(2);

    /// <summary>How the reply to <see cref="Heartbeat"/> ends.</summary>
    public static ReadOnlySpan<byte> HeartbeatRef => "\"ref\":1}"u8;

    /// <summary>How the reply to <see cref="Beat"/> ends.</summary>
    public static ReadOnlySpan<byte> BeatRef => "\"ref\":2}"u8;

    /// <summary>Asks for a flow.</summary>
    public static byte[] CreateFlow(string resourceId) => ClientFrame.Of(
        "{\"topic\":\"client\",\"event\":\"create_flow\",\"payload\":"
        + $"{{\"resource_id\":\"{resourceId}\",\"connected_gateway_ids\":[]}},\"ref\":3}}");

    /// <summary>A message's event; empty if it has none.</summary>
    public static ReadOnlySpan<byte> Event(ReadOnlySpan<byte> message) => Member(message, "\"event\":\""u8);

    /// <summary>A text in a message, for people.</summary>
    public static string Text(ReadOnlySpan<byte> message, ReadOnlySpan<byte> member) => Encoding.UTF8.GetString(Member(message, member));

    /// <summary>Writes the frame that grants a flow; 0 if the message has no ref to grant.</summary>
    public static int FlowAuthorized(ReadOnlySpan<byte> authorizeFlow, Span<byte> output)
    {
        var reference = Member(authorizeFlow, "\"ref\":\""u8);
        if (reference.IsEmpty)
            return 0;
        var start = "{\"topic\":\"gateway\",\"event\":\"flow_authorized\",\"payload\":{\"ref\":\""u8;
        var end = "\"},\"ref\":4}"u8;
        Span<byte> text = stackalloc byte[start.Length + reference.Length + end.Length];
        start.CopyTo(text);
        reference.CopyTo(text[start.Length..]);
        end.CopyTo(text[^end.Length..]);
        return ClientFrame.Write(text, output);
    }

    private static byte[] HeartbeatWith(int reference) =>
        ClientFrame.Of($"{{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{{}},\"ref\":{reference}}}");

    /// <summary>What stands between the member's name and the next quotation mark that is none of the text itself.</summary>
    private static ReadOnlySpan<byte> Member(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        var start = message.IndexOf(name);
        if (start < 0)
            return default;
        var text = message[(start + name.Length)..];
        for (var end = 0; end < text.Length; end++)
        {
            var step = text[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
                return default;
            end += step;
            if (text[end] == '"')
                return text[..end];
            end++;
        }

        return default;
    }
}
