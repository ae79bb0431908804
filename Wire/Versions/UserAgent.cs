namespace Firezone.Wire.Versions;

/// <summary>
/// Reads <c>Mac OS/15.4.1 apple-client/1.5.8 (arm64; 24.4.0)</c>. Names and versions of operating systems may contain blanks, the part in
/// parentheses may hold one value or be absent.
/// </summary>
public static class UserAgent
{
    private static readonly string[] VersionPrefixes =
        ["relay/", "connlib/", "headless-client/", "gui-client/", "apple-client/", "android-client/", "gateway/"];

    /// <summary>The version of the first blank-separated token that names a component. False if there is none or it is empty.</summary>
    public static bool TryParseVersion(string? ua, out string version)
    {
        version = "";
        if (ua is null)
            return false;

        foreach (var range in ua.AsSpan().Split(' '))
        {
            var token = ua.AsSpan()[range];
            foreach (var prefix in VersionPrefixes)
            {
                if (!token.StartsWith(prefix, StringComparison.Ordinal))
                    continue;

                version = token[prefix.Length..].ToString();
                return version.Length > 0;
            }
        }

        return false;
    }

    /// <summary>The parts that gateways log. A string of another form yields nulls, which gateways accept.</summary>
    public static ClientOs Parse(string? ua)
    {
        ReadOnlySpan<char> rest = ua;
        var slash = rest.IndexOf('/');
        if (slash < 0)
            return default;
        var name = rest[..slash];

        rest = rest[(slash + 1)..];
        var blank = rest.IndexOf(' ');
        if (blank < 0)
            return default;
        var version = rest[..blank];

        // What stands between is the rest of the system's version and the component's name.
        rest = rest[(blank + 1)..];
        slash = rest.IndexOf('/');
        if (slash < 0)
            return default;

        rest = rest[(slash + 1)..];
        blank = rest.IndexOf(' ');
        var clientVersion = blank < 0 ? rest : rest[..blank];
        return new ClientOs(name.ToString(), version.ToString(), clientVersion.ToString());
    }

    /// <summary>The program's family. Only the operating system and the actor tell desktop, headless and mobile programs apart.</summary>
    public static ComponentClass Classify(string? ua, bool isServiceAccount)
    {
        if (ua is not null)
        {
            if (ua.StartsWith("Mac OS", StringComparison.Ordinal) || ua.StartsWith("iOS", StringComparison.Ordinal))
                return ComponentClass.Apple;
            if (ua.StartsWith("Android", StringComparison.Ordinal))
                return ComponentClass.Android;
        }

        return isServiceAccount ? ComponentClass.Headless : ComponentClass.Gui;
    }
}
