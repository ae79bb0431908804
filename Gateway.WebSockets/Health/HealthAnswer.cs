using System.Text.Json;

namespace Firezone.Gateway.WebSockets.Health;

/// <summary>
/// The body of an answer about health: an object of texts. Written by hand, because handlers with parameters and results are compiled at the start,
/// with libraries that nothing else in a node needs.
/// </summary>
public static class HealthAnswer
{
    /// <param name="context">Of the request.</param>
    /// <param name="code">The HTTP status.</param>
    /// <param name="status">The member <c>status</c>.</param>
    /// <param name="more">Other members.</param>
    public static async Task WriteAsync(HttpContext context, int code, string status, params (string Name, string Value)[] more)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(more);
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json; charset=utf-8";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("status", status);
            foreach (var (name, value) in more)
                json.WriteString(name, value);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
