using System.Security.Cryptography;
using Firezone.Storage.Postgres.Behind;
using Firezone.Storage.Postgres.Tokens;
using Npgsql;
using static Firezone.Storage.Postgres.Connecting.Parameters;

namespace Firezone.Storage.Postgres.Connecting;

/// <summary>
/// Judges connects of clients. A known device costs one read; what its connect changes is written behind. An unknown device is created
/// with its tunnel addresses before the answer.
/// </summary>
/// <param name="database">Read once per connect.</param>
/// <param name="writer">Takes what known devices change.</param>
/// <param name="gate">Shared with the gateways.</param>
public sealed class ClientConnects(Database database, WriteBehind writer, FirstConnectGate gate)
{
    private readonly ClientReads _reads = new(database);

    // Conflict: the device was created at the same time, by whoever held the pool's lock before, or another device has the public key.
    private const string Insert = """
        insert into clients (
            id, account_id, actor_id, external_id, public_key, psk_base, name,
            device_serial, device_uuid, identifier_for_vendor, firebase_installation_id,
            last_seen_at, last_seen_version, last_seen_user_agent, last_seen_remote_ip,
            last_seen_region, last_seen_city, last_seen_lat, last_seen_lon)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp(), $12, $13, $14, $15, $16, $17, $18)
        on conflict do nothing
        """;

    private const string Address = """
        insert into tunnel_addresses (account_id, ipv4, ipv6, client_id)
        select c.account_id, a.ipv4, a.ipv6, c.id
        from clients c cross join lateral allocate_tunnel_address(c.account_id) a
        where c.account_id = $1 and c.actor_id = $2 and c.external_id = $3
            and not exists (select from tunnel_addresses t where t.client_id = c.id)
        """;

    /// <summary>
    /// Checks, in this order: the token (it exists, is intact and unexpired, its account and actor are enabled), the account's limits,
    /// the attributes, the public key. The same device connecting twice at once is one row.
    /// </summary>
    /// <param name="token">As presented, untrusted.</param>
    /// <param name="device">
    /// What the client says of itself; null if that was invalid, which is only told to bearers of a good token.
    /// </param>
    /// <param name="origin">Where it connects from.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="NpgsqlException">The database did not answer; says nothing about the token.</exception>
    public async Task<ConnectOutcome<ClientRecord>> ConnectAsync(
        string token, ClientDevice? device, ConnectOrigin origin, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (!DeviceToken.TryParse(token, TokenKind.Client, out var parsed))
            return Refuse(ConnectStatus.InvalidToken);

        var row = await _reads.ReadAsync(parsed.Id, device, ct);
        if (Judge(parsed, row, device, origin) is { } refused)
            return Refuse(refused);
        if (row!.IsKnown)
            return await AcceptAsync(parsed, row, device!, origin, ct);

        var id = Guid.NewGuid();
        using (await gate.EnterAsync(row.AccountId, ct))
        {
            row = await CreateAsync(id, parsed.Id, row, device!, origin, ct);
        }
        // Everything is judged again: the account may have changed, or the key may have been taken, while this one waited for its turn.
        if (Judge(parsed, row, device, origin) is { } late)
            return Refuse(late);
        return row!.IsKnown
            ? await AcceptAsync(parsed, row, device!, origin, ct, fresh: row.ClientId == id)
            : throw new InvalidOperationException("A client that was just created is gone.");
    }

    private ConnectStatus? Judge(DeviceToken token, ClientRow? row, ClientDevice? device, ConnectOrigin origin)
    {
        if (row is null || !token.Matches(row.Salt, row.Hash) || row.ExpiresAt <= row.Now || !row.Enabled)
            return ConnectStatus.InvalidToken;
        writer.Seen(new TokenSighting(token.Id, origin, row.Now));
        if (row.Limited)
            return ConnectStatus.LimitsExceeded;
        if (device is null)
            return ConnectStatus.InvalidAttributes;
        return row.KeyTaken ? ConnectStatus.PublicKeyTaken : null;
    }

    private async Task<ConnectOutcome<ClientRecord>> AcceptAsync(
        DeviceToken token, ClientRow row, ClientDevice device, ConnectOrigin origin, CancellationToken ct, bool fresh = false)
    {
        var same = row.SameHardware(device);
        if (!fresh)
        {
            var sighting = new ClientSighting(row.ClientId!.Value, device, origin, row.Now, Unverify: row.Verified && !same);
            // Losing trust is not left to a later write: the next connect, perhaps through another process, must already find it lost.
            if (sighting.Unverify)
                await writer.SeenDurablyAsync(sighting, ct);
            else
                writer.Seen(sighting);
        }
        return new(ConnectStatus.Ok, new ClientRecord(
            row.AccountId,
            row.ClientId!.Value,
            row.ActorId,
            row.ActorType,
            row.ActorName,
            row.ActorEmail,
            token.Id,
            row.ExpiresAt,
            row.AuthProviderId,
            row.PskBase!,
            row.Ipv4!,
            row.Ipv6!,
            row.Verified && same,
            row.Now,
            row.AccountVersion));
    }

    private async Task<ClientRow?> CreateAsync(
        Guid id, Guid tokenId, ClientRow known, ClientDevice device, ConnectOrigin origin, CancellationToken ct)
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
                    Parameters = { Uuid(known.AccountId), Uuid(known.ActorId), Text(device.ExternalId) },
                });
                batch.BatchCommands.Add(ClientReads.Command(tokenId, device, null));

                await using var reader = await batch.ExecuteReaderAsync(ct);
                await reader.NextResultAsync(ct); // the inserts return no rows: next is the read
                var row = await reader.ReadAsync(ct) ? ClientRow.Read(reader) : null;
                await reader.NextResultAsync(ct); // surfaces a failure at the end of the transaction
                return row;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                // The actor or account was deleted meanwhile, and the token with it.
                return await _reads.ReadAsync(tokenId, device, ct);
            }
            catch (PostgresException e) when (FirstConnects.IsCollision(e) && attempt < FirstConnects.MaxAttempts)
            {
                // The lock excludes this among our own; an address was written by other means. Try the next.
            }
        }
    }

    private static NpgsqlBatchCommand InsertCommand(Guid id, ClientRow known, ClientDevice device, ConnectOrigin origin) => new(Insert)
    {
        Parameters =
        {
            Uuid(id),
            Uuid(known.AccountId),
            Uuid(known.ActorId),
            Text(device.ExternalId),
            Text(device.PublicKey),
            Bytes(RandomNumberGenerator.GetBytes(32)),
            Text(FirstConnects.NameOr(device.Name, "client", id)),
            Text(device.DeviceSerial),
            Text(device.DeviceUuid),
            Text(device.IdentifierForVendor),
            Text(device.FirebaseInstallationId),
            Text(device.Version),
            Text(origin.UserAgent),
            Text(origin.RemoteIp),
            Text(origin.Region),
            Text(origin.City),
            Double(origin.Latitude),
            Double(origin.Longitude),
        },
    };

    private static ConnectOutcome<ClientRecord> Refuse(ConnectStatus status) => new(status, null);
}
