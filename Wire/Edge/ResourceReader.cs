using Firezone.Wire.Json;

namespace Firezone.Wire.Edge;

/// <summary>Reads resource objects of both channels with the strictness of native devices.</summary>
internal static class ResourceReader
{
    /// <summary>
    /// The list of an <c>init</c>: entries of an unknown type or with unfit members are left out, one without a type is an error.
    /// </summary>
    internal static bool TryListForClient(ReadOnlyMemory<byte> json, out List<ReceivedResource> values)
    {
        values = [];
        var reader = new PayloadReader(json);
        if (!reader.IsArray)
            return false;

        while (reader.NextElement())
        {
            var raw = reader.Raw();
            if (!HasType(raw))
                return false;
            if (TryRead(raw, forGateway: false, out var resource))
                values.Add(resource);
        }

        return true;
    }

    /// <summary>One object. Gateways demand filters, clients a site.</summary>
    internal static bool TryRead(ReadOnlyMemory<byte> json, bool forGateway, out ReceivedResource value)
    {
        value = null!;
        var r = new PayloadReader(json);
        if (!r.IsObject)
            return false;

        Guid? id = null;
        string? type = null;
        string? name = null;
        string? address = null;
        string? description = null;
        string? ipStack = null;
        List<ReceivedSite>? sites = null;
        List<ReceivedFilter>? filters = null;
        while (r.NextMember())
        {
            var fits = true;
            if (r.Enter("id"u8))
                fits = r.TryOptionalGuid(out id);
            else if (r.Enter("type"u8))
                fits = r.TryString(int.MaxValue, out type);
            else if (r.Enter("name"u8))
                fits = r.TryOptionalString(out name);
            else if (r.Enter("address"u8))
                fits = r.TryOptionalString(out address);
            else if (r.Enter("address_description"u8))
                fits = r.TryOptionalString(out description);
            else if (r.Enter("ip_stack"u8))
                fits = r.TryString(int.MaxValue, out ipStack) && ipStack is "dual" or "ipv4_only" or "ipv6_only";
            else if (r.Enter("gateway_groups"u8) || r.Enter("sites"u8))
                fits = sites is null && EdgeReader.TryAll(r.Raw(), TrySite, out sites);
            else if (r.Enter("filters"u8) && !EdgeReader.TryAll(r.Raw(), TryFilter, out filters))
                fits = !forGateway; // Clients do not use them.
            if (!fits)
                return false;
        }

        var complete = id is not null && (forGateway || sites is not null) && type switch
        {
            "dns" or "cidr" => name is not null && address is not null && (!forGateway || filters is not null),
            "internet" => true,
            _ => false,
        };
        if (!complete)
            return false;

        value = new ReceivedResource(id!.Value, type!, name, address, description, ipStack, sites ?? [], filters ?? []);
        return true;
    }

    private static bool HasType(ReadOnlyMemory<byte> json)
    {
        var found = false;
        var r = new PayloadReader(json);
        while (r.IsObject && r.NextMember())
        {
            if (r.Enter("type"u8))
                found = r.TryString(int.MaxValue, out _);
        }

        return found;
    }

    private static bool TrySite(ReadOnlyMemory<byte> json, out ReceivedSite value)
    {
        value = default;
        Guid? id = null;
        string? name = null;
        var r = new PayloadReader(json);
        while (r.IsObject && r.NextMember())
        {
            if (r.Enter("id"u8))
                id = r.TryGuid(out var parsed) ? parsed : null;
            else if (r.Enter("name"u8) && !r.TryString(int.MaxValue, out name))
                return false;
        }

        if (id is null || name is null)
            return false;

        value = new ReceivedSite(id.Value, name);
        return true;
    }

    private static bool TryFilter(ReadOnlyMemory<byte> json, out ReceivedFilter value)
    {
        value = default;
        string? protocol = null;
        long first = 0;
        long last = ushort.MaxValue;
        var r = new PayloadReader(json);
        while (r.IsObject && r.NextMember())
        {
            var fits = true;
            if (r.Enter("protocol"u8))
                fits = r.TryString(int.MaxValue, out protocol);
            else if (r.Enter("port_range_start"u8))
                fits = r.TryInt64(out first);
            else if (r.Enter("port_range_end"u8))
                fits = r.TryInt64(out last);
            if (!fits)
                return false;
        }

        if (protocol is not ("tcp" or "udp" or "icmp") || first is < 0 or > ushort.MaxValue || last is < 0 or > ushort.MaxValue)
            return false;

        value = new ReceivedFilter(protocol, (ushort)first, (ushort)last);
        return true;
    }
}
