using System.Security.Cryptography;
using Firezone.Storage.Postgres.Behind;
using Firezone.Storage.Postgres.Routing;
using Firezone.Storage.Postgres.Tokens;
using Npgsql;
using static Firezone.Storage.Postgres.Connecting.Parameters;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>
/// Judges connects of gateways, as <see cref="ClientConnects"/> does for clients. A gateway's token neither expires nor depends on the
/// account's state: it exists or it does not.
/// </summary>
/// <param name="database">Read once per connect.</param>
/// <param name="writer">Takes what known devices change.</param>
/// <param name="gate">Shared with the clients.</param>
public sealed class GatewayConnects(Database database, WriteBehind writer, FirstConnectGate gate)
{
    // Conflict: the device was created at the same time, by whoever held the pool's lock before, or another device has the public key.
    private const string Insert = """
        insert into gateways (
            id, account_id, site_id, external_id, public_key, psk_base, name,
            last_seen_at, last_seen_version, last_seen_user_agent, last_seen_remote_ip,
            last_seen_region, last_seen_city, last_seen_lat, last_seen_lon)
        values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), $8, $9, $10, $11, $12, $13, $14)
        on conflict do nothing
        """;

    private const string Address = """
        insert into tunnel_addresses (account_id, ipv4, ipv6, gateway_id)
        select g.account_id, a.ipv4, a.ipv6, g.id
        from gateways g cross join lateral allocate_tunnel_address(g.account_id) a
        where g.account_id = $1 and g.site_id = $2 and g.external_id = $3
            and not exists (select from tunnel_addresses t where t.gateway_id = g.id)
        """;

    /// <summary>
    /// Checks, in this order: the token, the attributes, the public key. The same device connecting twice at once is one row.
    /// </summary>
    /// <param name="token">As presented, untrusted.</param>
    /// <param name="device">
    /// What the gateway says of itself; null if that was invalid, which is only told to bearers of a good token.
    /// </param>
    /// <param name="origin">Where it connects from.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The database did not answer; says nothing about the token.</exception>
    public async Task<ConnectOutcome<GatewayRecord>> ConnectAsync(
        string token, GatewayDevice? device, ConnectOrigin origin, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (!DeviceToken.TryParse(token, TokenKind.Gateway, out var parsed))
            return Refuse(ConnectStatus.InvalidToken);

        var row = await ReadAsync(parsed.Id, device, ct);
        if (Judge(parsed, row, device) is { } refused)
            return Refuse(refused);
        if (row!.IsKnown)
            return Accept(parsed, row, device!, origin);

        var id = Guid.NewGuid();
        using (await gate.EnterAsync(row.AccountId, ct))
        {
            try
            {
                row = await CreateAsync(id, parsed.Id, row, device!, origin, ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                return Refuse(ConnectStatus.SiteGone);
            }
        }
        // Judged again: the key may have been taken while this one waited for its turn.
        if (Judge(parsed, row, device) is { } late)
            return Refuse(late);
        return row!.IsKnown
            ? Accept(parsed, row, device!, origin, fresh: row.GatewayId == id)
            : throw new InvalidOperationException("A gateway that was just created is gone.");
    }

    private static ConnectStatus? Judge(DeviceToken token, GatewayRow? row, GatewayDevice? device)
    {
        if (row is null || !token.Matches(row.Salt, row.Hash))
            return ConnectStatus.InvalidToken;
        if (device is null)
            return ConnectStatus.InvalidAttributes;
        return row.KeyTaken ? ConnectStatus.PublicKeyTaken : null;
    }

    private ConnectOutcome<GatewayRecord> Accept(
        DeviceToken token, GatewayRow row, GatewayDevice device, ConnectOrigin origin, bool fresh = false)
    {
        if (!fresh)
            writer.Seen(new GatewaySighting(row.GatewayId!.Value, device, origin, row.Now));
        return new(ConnectStatus.Ok, new GatewayRecord(
            row.AccountId, row.SiteId, row.GatewayId!.Value, token.Id, row.PskBase!, row.Ipv4!, row.Ipv6!, row.Now, row.AccountVersion));
    }

    private Task<GatewayRow?> ReadAsync(Guid tokenId, GatewayDevice? device, CancellationToken ct) => database.ReadAsync(
        new ReadQuery<GatewayRow?>(
            (commands, now) => commands.Add(ReadCommand(tokenId, device, now)),
            async (reader, stop) => await reader.ReadAsync(stop) ? GatewayRow.Read(reader) : null),
        ct);

    private async Task<GatewayRow?> CreateAsync(
        Guid id, Guid tokenId, GatewayRow known, GatewayDevice device, ConnectOrigin origin, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var batch = database.Write.CreateBatch();
                batch.BatchCommands.Add(new(FirstConnects.LockPool) { Parameters = { Uuid(known.AccountId) } });
                batch.BatchCommands.Add(InsertCommand(id, known, device, origin));
                batch.BatchCommands.Add(new(Address)
                {
                    Parameters = { Uuid(known.AccountId), Uuid(known.SiteId), Text(device.ExternalId) },
                });
                batch.BatchCommands.Add(ReadCommand(tokenId, device, null));

                await using var reader = await batch.ExecuteReaderAsync(ct);
                await reader.NextResultAsync(ct); // the inserts return no rows: next is the read
                var row = await reader.ReadAsync(ct) ? GatewayRow.Read(reader) : null;
                await reader.NextResultAsync(ct); // surfaces a failure at the end of the transaction
                return row;
            }
            catch (PostgresException e) when (FirstConnects.IsCollision(e) && attempt < FirstConnects.MaxAttempts)
            {
                // Again, with the next address.
            }
        }
    }

    private static NpgsqlBatchCommand InsertCommand(Guid id, GatewayRow known, GatewayDevice device, ConnectOrigin origin) => new(Insert)
    {
        Parameters =
        {
            Uuid(id),
            Uuid(known.AccountId),
            Uuid(known.SiteId),
            Text(device.ExternalId),
            Text(device.PublicKey),
            Bytes(RandomNumberGenerator.GetBytes(32)),
            Text(FirstConnects.NameOr(device.Name, "gateway", id)),
            Text(device.Version),
            Text(origin.UserAgent),
            Text(origin.RemoteIp),
            Text(origin.Region),
            Text(origin.City),
            Double(origin.Latitude),
            Double(origin.Longitude),
        },
    };

    private static NpgsqlBatchCommand ReadCommand(Guid tokenId, GatewayDevice? device, DateTimeOffset? now) => new(GatewayRow.Sql)
    {
        Parameters = { Uuid(tokenId), Text(device?.ExternalId), Text(device?.PublicKey), Time(now) },
    };

    private static ConnectOutcome<GatewayRecord> Refuse(ConnectStatus status) => new(status, null);
}
