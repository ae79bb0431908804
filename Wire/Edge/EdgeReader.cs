using Firezone.Wire.Json;
using Firezone.Wire.Relay;
using Firezone.Wire.Secrets;

namespace Firezone.Wire.Edge;

/// <summary>
/// Parts that occur in several messages. They take raw JSON of one value, and may throw like <see cref="PayloadReader"/>.
/// </summary>
internal static class EdgeReader
{
    internal delegate bool Element<T>(ReadOnlyMemory<byte> json, out T value);

    /// <summary>All elements, or false and none if one is unfit.</summary>
    internal static bool TryAll<T>(ReadOnlyMemory<byte> json, Element<T> element, out List<T> values)
    {
        values = [];
        var reader = new PayloadReader(json);
        if (!reader.IsArray)
            return false;

        while (reader.NextElement())
        {
            if (!element(reader.Raw(), out var value))
            {
                values = [];
                return false;
            }

            values.Add(value);
        }

        return true;
    }

    internal static bool TryGuids(ReadOnlyMemory<byte> json, out List<Guid> values) =>
        TryAll(json, static (ReadOnlyMemory<byte> e, out Guid id) => new PayloadReader(e).TryGuid(out id), out values);

    /// <summary>TURN entries. STUN entries are ignored, entries of other types are an error.</summary>
    internal static bool TryRelays(ReadOnlyMemory<byte> json, out List<RelayEntry> values)
    {
        if (!TryAll<RelayEntry?>(json, TryRelay, out var all))
        {
            values = [];
            return false;
        }

        values = [.. all.OfType<RelayEntry>()];
        return true;
    }

    /// <summary>An object with <c>ipv4</c> and <c>ipv6</c> and optionally DNS settings.</summary>
    internal static bool TryInterface(ReadOnlyMemory<byte> json, out ReceivedInterface value)
    {
        value = null!;
        var r = new PayloadReader(json);
        if (!r.IsObject)
            return false;

        string? ipv4 = null;
        string? ipv6 = null;
        string? searchDomain = null;
        List<string> do53 = [];
        List<string> doh = [];
        while (r.NextMember())
        {
            var fits = true;
            if (r.Enter("ipv4"u8))
                fits = r.TryString(int.MaxValue, out ipv4);
            else if (r.Enter("ipv6"u8))
                fits = r.TryString(int.MaxValue, out ipv6);
            else if (r.Enter("search_domain"u8))
                fits = r.TryOptionalString(out searchDomain);
            else if (r.Enter("upstream_do53"u8))
                fits = TryAll(r.Raw(), static (ReadOnlyMemory<byte> e, out string s) => TryMember(e, "ip"u8, out s), out do53);
            else if (r.Enter("upstream_doh"u8))
                fits = TryAll(r.Raw(), static (ReadOnlyMemory<byte> e, out string s) => TryMember(e, "url"u8, out s), out doh);
            if (!fits)
                return false;
        }

        if (ipv4 is null || ipv6 is null)
            return false;

        value = new ReceivedInterface(ipv4, ipv6, searchDomain, do53, doh);
        return true;
    }

    internal static bool TryCredentials(ReadOnlyMemory<byte> json, out (string Username, string Password) value)
    {
        value = default;
        return TryMember(json, "username"u8, out value.Username) && TryMember(json, "password"u8, out value.Password);
    }

    internal static IceCredentials Combine((string Username, string Password) client, (string Username, string Password) gateway) =>
        new(client.Username, client.Password, gateway.Username, gateway.Password);

    /// <summary>One mandatory string member of an object.</summary>
    private static bool TryMember(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name, out string value)
    {
        value = "";
        var found = false;
        var r = new PayloadReader(json);
        while (r.IsObject && r.NextMember())
        {
            if (r.Enter(name))
                found = r.TryString(int.MaxValue, out value);
        }

        return found;
    }

    private static bool TryRelay(ReadOnlyMemory<byte> json, out RelayEntry? entry)
    {
        entry = null;
        var r = new PayloadReader(json);
        if (!r.IsObject)
            return false;

        Guid? id = null;
        long? expiresAt = null;
        string? type = null;
        string? addr = null;
        string? username = null;
        string? password = null;
        while (r.NextMember())
        {
            var fits = true;
            if (r.Enter("id"u8))
                fits = r.TryOptionalGuid(out id);
            else if (r.Enter("type"u8))
                fits = r.TryString(int.MaxValue, out type);
            else if (r.Enter("addr"u8))
                fits = r.TryString(int.MaxValue, out addr);
            else if (r.Enter("username"u8))
                fits = r.TryString(int.MaxValue, out username);
            else if (r.Enter("password"u8))
                fits = r.TryString(int.MaxValue, out password);
            else if (r.Enter("expires_at"u8))
                expiresAt = r.TryInt64(out var seconds) ? seconds : null;
            if (!fits)
                return false;
        }

        if (id is null || addr is null || !System.Net.IPEndPoint.TryParse(addr, out _))
            return false;
        if (type == "stun")
            return true;
        if (type != "turn" || username is null || password is null || expiresAt is null)
            return false;

        entry = new RelayEntry(id.Value, addr, username, password, expiresAt.Value);
        return true;
    }
}
