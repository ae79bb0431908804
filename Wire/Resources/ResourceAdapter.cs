using Firezone.Wire.Versions;

namespace Firezone.Wire.Resources;

/// <summary>Turns a resource into what a client or gateway of some version understands.</summary>
public static class ResourceAdapter
{
    private static readonly ComponentVersion InternetResources = new(1, 3, 0);
    private static readonly ComponentVersion Wildcards = new(1, 2, 0);

    /// <summary>
    /// The resource itself if nothing has to change, null if that version cannot use it: the internet resource before 1.3.0, and before
    /// 1.2.0 DNS patterns beyond a leading <c>**</c> (then written <c>*</c>) or <c>*</c> (then written <c>?</c>).
    /// </summary>
    public static ResourceView? Adapt(ResourceView r, ComponentVersion version)
    {
        if (r.Type == ResourceType.Internet)
            return version < InternetResources ? null : r;
        if (r.Type != ResourceType.Dns || version >= Wildcards || r.Address is not { } address)
            return r;

        var (prefix, rest) = address switch
        {
            ['*', '*', ..] => ("*", address[2..]),
            ['*', ..] => ("?", address[1..]),
            _ => ("", address),
        };
        if (rest.AsSpan().ContainsAny('*', '?'))
            return null;

        return prefix.Length == 0 ? r : r with { Address = prefix + rest };
    }
}
