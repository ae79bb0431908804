using System.Text.Json;

namespace Firezone.Shared.Peers;

/// <summary>An HTTP response as it came over the wire.</summary>
public sealed record HttpReply(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string? Code => JsonDocument.Parse(Body).RootElement.GetProperty("code").GetString();

    public string? Detail => JsonDocument.Parse(Body).RootElement.GetProperty("detail").GetString();
}
