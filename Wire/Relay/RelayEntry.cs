using System.Text.Json;

namespace Firezone.Wire.Relay;

/// <summary>
/// One TURN address of a relay. The entries of one relay stand next to each other in a list and have the same credentials.
/// </summary>
/// <param name="Id">Relay id.</param>
/// <param name="Addr">Literal <c>ip:port</c> or <c>[v6]:port</c>; peers do not resolve names.</param>
/// <param name="Username">See <see cref="TurnCredentials"/>.</param>
/// <param name="Password">See <see cref="TurnCredentials"/>. Changed credentials make the peer drop its allocation on the relay.</param>
/// <param name="ExpiresAt">Unix seconds after which the relay refuses the credentials.</param>
public sealed record RelayEntry(Guid Id, string Addr, string Username, string Password, long ExpiresAt)
{
    /// <summary>
    /// The entries of one relay for one peer, IPv4 first; one per address that the relay has.
    /// </summary>
    /// <param name="id">Relay id.</param>
    /// <param name="ipv4">Public address or null.</param>
    /// <param name="ipv6">Public address without brackets or null.</param>
    /// <param name="port">TURN port for both.</param>
    /// <param name="stampSecret">The relay's secret.</param>
    /// <param name="peerPublicKey">Base64 text of the peer's key.</param>
    /// <param name="expiresAt">Unix seconds; keep it stable across reconnects of the peer.</param>
    public static IReadOnlyList<RelayEntry> For(
        Guid id, string? ipv4, string? ipv6, int port, string stampSecret, string peerPublicKey, long expiresAt)
    {
        var (username, password) = TurnCredentials.Derive(peerPublicKey, stampSecret, expiresAt);
        var entries = new List<RelayEntry>(2);
        if (!string.IsNullOrEmpty(ipv4))
            entries.Add(new RelayEntry(id, $"{ipv4}:{port}", username, password, expiresAt));
        if (!string.IsNullOrEmpty(ipv6))
            entries.Add(new RelayEntry(id, $"[{ipv6}]:{port}", username, password, expiresAt));
        return entries;
    }

    /// <summary>Without the password: a record prints its members.</summary>
    public override string ToString() => $"relay {Id} at {Addr}";

    internal static void WriteAll(Utf8JsonWriter w, ReadOnlySpan<byte> name, IReadOnlyList<RelayEntry> relays)
    {
        w.WriteStartArray(name);
        foreach (var relay in relays)
        {
            w.WriteStartObject();
            w.WriteString("id"u8, relay.Id);
            w.WriteString("type"u8, "turn"u8);
            w.WriteString("addr"u8, relay.Addr);
            w.WriteString("username"u8, relay.Username);
            w.WriteString("password"u8, relay.Password);
            w.WriteNumber("expires_at"u8, relay.ExpiresAt);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }
}
