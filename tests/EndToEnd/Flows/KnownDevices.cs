using System.Security.Cryptography;
using System.Text;
using Firezone.EndToEnd.Peers;
using Firezone.Shared;

namespace Firezone.EndToEnd.Flows;

/// <summary>Devices that have been connected before, made by the thousand.</summary>
internal static class KnownDevices
{
    /// <summary>A device's public key.</summary>
    internal static string Key(string device) => Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(device)));

    /// <summary>Clients <c>c0</c>, <c>c1</c>, … and after them gateways <c>g</c> with numbers that go on.</summary>
    internal static async Task AddAsync(OwnServer server, TestAccount account, int clients, int gateways)
    {
        await server.ExecuteAsync(
            $"""
            insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
            select gen_random_uuid(), $1, $2, 'c' || n, encode(sha256(('c' || n)::bytea), 'base64'), sha256(n::text::bytea), 'c' || n, 'epoch'
            from generate_series(0, {clients - 1}) n
            """,
            account.Id,
            account.Actor);
        await server.ExecuteAsync(
            $"""
            insert into gateways (id, account_id, site_id, external_id, public_key, psk_base, name, last_seen_at)
            select gen_random_uuid(), $1, $2, 'g' || n, encode(sha256(('g' || n)::bytea), 'base64'), sha256(n::text::bytea), 'g' || n, 'epoch'
            from generate_series({clients}, {clients + gateways - 1}) n
            """,
            account.Id,
            account.Site);
        await server.ExecuteAsync(
            """
            insert into tunnel_addresses (account_id, ipv4, ipv6, client_id, gateway_id)
            select $1, '100.64.0.0'::inet + d.n, 'fd00:2021:1111::'::inet + d.n, d.client, d.gateway
            from (
                select row_number() over () as n, client, gateway
                from (select id as client, null::uuid as gateway from clients union all select null, id from gateways) u) d
            """,
            account.Id);
    }
}
