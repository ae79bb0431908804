using System.Globalization;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>WebSocket close codes as tags. A peer chooses its code, and must not make as many tags as there are codes.</summary>
internal static class CloseCodes
{
    private const int First = 1000;

    // Up to the last one that is registered.
    private static readonly string[] Known = [.. Enumerable.Range(First, 16).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    internal static KeyValuePair<string, object?> Tag(int code) =>
        new("code", (uint)(code - First) < Known.Length ? Known[code - First] : "other");
}
