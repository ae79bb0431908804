using Firezone.Wire.Json;

namespace Firezone.Wire.Errors;

/// <summary>
/// Bodies of refused upgrade requests, RFC 9457. Native peers decide by the status; newer clients sign out on 401 by the code.
/// </summary>
public static class Problem
{
    /// <summary>The body's <c>Content-Type</c>.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>A problem document as UTF-8 JSON.</summary>
    /// <param name="status">HTTP status, repeated in the body.</param>
    /// <param name="code">Stable lowercase word for programs, e.g. <c>invalid_token</c>.</param>
    /// <param name="title">Short and the same for every occurrence of the code.</param>
    /// <param name="detail">A sentence for people; never a token, key or header value.</param>
    public static byte[] Render(int status, string code, string title, string detail)
    {
        using var json = JsonBuffer.Rent();
        var w = json.Writer;
        w.WriteStartObject();
        w.WriteString("type"u8, "about:blank"u8);
        w.WriteString("title"u8, title);
        w.WriteNumber("status"u8, status);
        w.WriteString("detail"u8, detail);
        w.WriteString("code"u8, code);
        w.WriteEndObject();
        return json.ToArray();
    }
}
