using System.Text.Json;

namespace Firezone.Membership.Node.Driving;

/// <summary>A line that a node said.</summary>
/// <param name="Time">Microseconds since 1970, by the node's clock.</param>
/// <param name="Name">What happened.</param>
/// <param name="Data">Undefined when there is nothing to add.</param>
public sealed record NodeEvent(long Time, string Name, JsonElement Data)
{
    /// <exception cref="JsonException">The line is not one of a node.</exception>
    public static NodeEvent Parse(string line)
    {
        var root = JsonSerializer.Deserialize<JsonElement>(line);
        return new NodeEvent(root.GetProperty("t").GetInt64(), root.GetProperty("e").GetString()!, root.GetProperty("d"));
    }

    public string? Text(string property) => Data.GetProperty(property).GetString();
}
