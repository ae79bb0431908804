using System.Text;
using Firezone.Admin.Authentication;

namespace Firezone.Silos.Operations.Authentication;

/// <summary>Operator tokens in requests.</summary>
internal static class Credentials
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";
    private const int LongestHeader = 600;

    /// <summary>
    /// The presented token: a bearer token, or the password of a browser's sign-in dialog, whatever the user name. Null: the request has no
    /// credentials of these kinds. It may be anything but long.
    /// </summary>
    public static string? Presented(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ Length: <= LongestHeader } header])
            return null;
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Bounded(header[Bearer.Length..].Trim());
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[LongestHeader];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length))
            return "";
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return Bounded(colon < 0 ? "" : text[(colon + 1)..]);
    }

    private static string Bounded(string text) => text.Length <= TokenVerifier.LongestToken ? text : "";
}
