using CsCheck;
using Firezone.Shared;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Connecting;

/// <summary>The allocation in SQL against the same rule in its plainest form, on a small range so that wrap-around is the usual case.</summary>
public sealed class TunnelOffsetTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Usable = 12;

    private static readonly Gen<(bool Allocate, int Pick)[]> Steps =
        Gen.Select(Gen.Frequency((3, Gen.Const(true)), (2, Gen.Const(false))), Gen.Int[0, 1000]).Array[1, 60];

    [Fact]
    public async Task Allocation_follows_the_rule_for_every_order_of_connects_and_deletions()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await Steps.SampleAsync(
            async steps =>
            {
                await using var connection = await postgres.Database.Write.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                var used = new SortedSet<long>();
                foreach (var (allocate, pick) in steps)
                {
                    if (!allocate && used.Count > 0)
                    {
                        var gone = used.ElementAt(pick % used.Count);
                        used.Remove(gone);
                        await ExecuteAsync(connection, "delete from clients where external_id = $1", gone.ToString());
                        continue;
                    }
                    var expected = Next(used);
                    var actual = await AllocateAsync(connection, account);
                    Assert.Equal(expected, actual);
                    if (expected is null)
                        break; // the failure ended the transaction
                    used.Add(expected.Value);
                }
                await transaction.RollbackAsync();
            },
            iter: 60,
            threads: 1);
    }

    // Highest in use plus one; after the last usable one from the bottom, the next on a collision; null after a full round.
    private static long? Next(SortedSet<long> used)
    {
        var candidate = used.Count == 0 ? 1 : used.Max + 1;
        for (var tried = 0; tried < Usable; tried++, candidate++)
        {
            if (candidate > Usable)
                candidate = 1;
            if (!used.Contains(candidate))
                return candidate;
        }
        return null;
    }

    private static async Task<long?> AllocateAsync(NpgsqlConnection connection, TestAccount account)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                """
                with offsets as materialized (select * from next_tunnel_offsets($1, $4)),
                device as (
                    insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
                    select $3, $1, $2, offsets.ipv4_offset::text, $3::text, '', '', now() from offsets)
                select ipv4_offset, ipv6_offset from offsets
                """,
                connection);
            var id = Guid.NewGuid();
            command.Parameters.Add(new() { Value = account.Id });
            command.Parameters.Add(new() { Value = account.Actor });
            command.Parameters.Add(new() { Value = id });
            command.Parameters.Add(new() { Value = (long)Usable });
            long ipv4;
            await using (var reader = await command.ExecuteReaderAsync())
            {
                await reader.ReadAsync();
                ipv4 = reader.GetInt64(0);
                Assert.Equal(ipv4, reader.GetInt64(1));
            }
            await ExecuteAsync(
                connection,
                """
                insert into tunnel_addresses (account_id, ipv4, ipv6, client_id)
                values ($1, '100.64.0.0'::inet + $3, 'fd00:2021:1111::'::inet + $3, $2)
                """,
                account.Id,
                id,
                ipv4);
            return ipv4;
        }
        catch (PostgresException e) when (e.SqlState == "FZ001")
        {
            return null;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }
}
