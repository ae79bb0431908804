using Microsoft.Extensions.Primitives;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Finds a connect's credential.</summary>
internal static class BearerToken
{
    /// <summary>
    /// Not <c>Authorization</c>: the upstream framework shows a socket's connect only headers that begin with <c>x-</c>, so that is what
    /// peers send.
    /// </summary>
    internal const string Header = "X-Authorization";

    private const string Scheme = "Bearer ";

    /// <summary>
    /// The header if it is <c>Bearer</c>, one blank and a token, otherwise the query parameter. Null if there is neither.
    /// </summary>
    internal static string? Find(StringValues header, string? parameter)
    {
        var value = header.Count > 0 ? header[0] : null;
        if (value is not null
            && value.StartsWith(Scheme, StringComparison.Ordinal)
            && value.Length > Scheme.Length
            && value[Scheme.Length] != ' ')
        {
            return value[Scheme.Length..];
        }

        return string.IsNullOrEmpty(parameter) ? null : parameter;
    }
}
