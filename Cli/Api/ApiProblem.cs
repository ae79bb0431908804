using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Firezone.Cli.Output;

namespace Firezone.Cli.Api;

/// <summary>Turns an answer that is no success into a message that says what to do.</summary>
internal static class ApiProblem
{
    public static CliException From(HttpResponseMessage response, string body, ApiToken token, Uri url)
    {
        var problem = Parse(response, body);
        var status = (int)response.StatusCode;
        var exitCode = status is 502 or 503 or 504 ? ExitCode.Unreachable : ExitCode.Refused;
        if (problem is null)
            return new CliException(exitCode, $"{url} answered {status} and no problem document; is this the address of the admin API?");

        var message = new StringBuilder($"{status} {Text(problem["code"])}: {Text(problem["title"])}");
        if (problem["errors"] is JsonObject errors && errors.Count > 0)
        {
            foreach (var (field, reasons) in errors)
                foreach (var reason in reasons as JsonArray ?? [])
                    message.Append($"\n  {Printable.Of(field)}: {Text(reason)}");
        }
        else if (Text(problem["detail"]) is { Length: > 0 } detail)
        {
            message.Append($"\n  {detail}");
        }

        if (Advice(response.StatusCode, Text(problem["code"]), token) is { } advice)
            message.Append($"\n  {advice}");
        if (status >= 500 && Text(problem["trace_id"]) is { Length: > 0 } trace)
            message.Append($"\n  trace {trace}");
        return new CliException(exitCode, message.ToString()) { Status = status };
    }

    private static JsonObject? Parse(HttpResponseMessage response, string body)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return null;
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Advice(HttpStatusCode status, string code, ApiToken token) => (status, code) switch
    {
        (HttpStatusCode.Unauthorized, _) =>
            $"The API token of {token.Source} is not good (any more): it was deleted or has expired, or its actor was disabled or deleted. "
            + "'firezone login' stores another one.",
        (HttpStatusCode.Forbidden, "forbidden") => $"The role of the API token of {token.Source} does not suffice.",
        _ => null,
    };

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? Printable.Of(text) : "";
}
