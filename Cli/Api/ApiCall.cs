using System.Text.Json.Nodes;

namespace Firezone.Cli.Api;

/// <summary>One request: a path with its values filled in, and what goes with it.</summary>
internal sealed record ApiCall(HttpMethod Method, string Path)
{
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    public JsonObject? Body { get; init; }

    /// <summary>Lets the server recognise a repetition of the same request.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The address below the API's base address.</summary>
    public string Target =>
        Query.Count == 0 ? Path : $"{Path}?{string.Join('&', Query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}";
}
