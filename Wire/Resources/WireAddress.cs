namespace Firezone.Wire.Resources;

/// <summary>The type and address that peers get to see.</summary>
internal static class WireAddress
{
    internal static string TypeOf(ResourceView r) => r.Type switch
    {
        ResourceType.Ip => "cidr",
        _ => ResourceNames.NameOf(r.Type),
    };

    /// <summary>Peers know no single addresses: they become networks of one.</summary>
    internal static string? AddressOf(ResourceView r)
    {
        if (r.Type != ResourceType.Ip || r.Address is not { } address || address.Contains('/', StringComparison.Ordinal))
            return r.Address;

        return address.Contains(':', StringComparison.Ordinal) ? address + "/128" : address + "/32";
    }
}
