using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;
using Npgsql;
using Xunit.Abstractions;

namespace Firezone.Storage.Postgres.Tests.Accounts;

public sealed class AccountReplicaTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly string[] Statements =
    [
        "insert into sites (account_id, name) select $1, gen_random_uuid() from generate_series(1, 2)",
        "insert into groups (account_id, name) values ($1, 'g')",
        "insert into actors (account_id, type, name) values ($1, 'account_user', 'a')",
        "insert into resources (account_id, type, name, address, site_id) select $1, 'ip', 'r', '10.0.0.1', id from sites "
            + "where account_id = $1 limit 2",
        "insert into memberships (account_id, group_id, actor_id) select $1, g.id, a.id from groups g, actors a where g.account_id = $1 "
            + "and a.account_id = $1 order by random() limit 3 on conflict do nothing",
        "insert into policies (account_id, group_id, resource_id) select $1, g.id, r.id from groups g, resources r where g.account_id = $1 "
            + "and r.account_id = $1 order by random() limit 3 on conflict do nothing",
        "update policies set disabled_at = case when disabled_at is null then clock_timestamp() end where account_id = $1 and random() < 0.3",
        "update policies set conditions = '[{\"property\": \"remote_ip\"}]' where account_id = $1 and random() < 0.3",
        "update policies set description = gen_random_uuid() where account_id = $1 and random() < 0.3",
        "update resources set name = gen_random_uuid(), filters = '[{\"protocol\": \"tcp\"}]' where account_id = $1 and random() < 0.3",
        "update resources set site_id = (select id from sites where account_id = $1 order by random() limit 1) "
            + "where account_id = $1 and random() < 0.3",
        "update sites set name = gen_random_uuid() where account_id = $1 and random() < 0.3",
        "update groups set name = gen_random_uuid() where account_id = $1 and random() < 0.5",
        "update accounts set slug = gen_random_uuid() where id = $1",
        "update accounts set config = jsonb_build_object('search_domain', gen_random_uuid()) where id = $1",
        "update memberships m set actor_id = a.id from actors a where m.account_id = $1 and a.account_id = $1 and random() < 0.05 "
            + "and not exists (select from memberships o where o.group_id = m.group_id and o.actor_id = a.id) and m.id = (select id from memberships "
            + "where account_id = $1 limit 1)",
        "delete from memberships where account_id = $1 and random() < 0.1",
        "delete from policies where account_id = $1 and random() < 0.1",
        "delete from resources where account_id = $1 and random() < 0.05",
        "delete from sites where account_id = $1 and random() < 0.05",
        "delete from groups where account_id = $1 and random() < 0.05",
        "delete from actors where account_id = $1 and random() < 0.05",
    ];

    private readonly AccountReader _whole = new(postgres.Database);
    private readonly AccountChangeReader _reader = new(postgres.Database);

    [Fact]
    public async Task Whoever_applies_the_changes_has_what_a_whole_read_gives_while_several_write()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var account = await TestAccount.CreateAsync(postgres);
        var replica = AccountReplica.Of((await _whole.LoadAsync(account.Id, CancellationToken.None))!);
        var writing = Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => WriteAsync(account.Id, new Random(seed + i)))));
        while (!writing.IsCompleted)
        {
            replica.Apply((await _reader.ReadSinceAsync(account.Id, replica.Version, long.MaxValue, CancellationToken.None))!);
            var whole = AccountReplica.Of((await _whole.LoadAsync(account.Id, CancellationToken.None))!);
            if (whole.Version == replica.Version)
                Assert.Equal(whole.ToString(), replica.ToString());
        }
        await writing;
        replica.Apply((await _reader.ReadSinceAsync(account.Id, replica.Version, long.MaxValue, CancellationToken.None))!);
        Assert.Equal(AccountReplica.Of((await _whole.LoadAsync(account.Id, CancellationToken.None))!).ToString(), replica.ToString());
        Assert.True(replica.Version > 100);
    }

    // Several statements per transaction, some of it rolled back. A deadlock or a race for the same name or pair is as good as a rollback.
    private async Task WriteAsync(Guid account, Random random)
    {
        for (var i = 0; i < 60; i++)
        {
            await using var connection = await postgres.Database.Write.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            try
            {
                await ExecuteAsync(connection, "select setseed($1)", random.NextDouble());
                for (var statements = random.Next(1, 5); statements > 0; statements--)
                    await ExecuteAsync(connection, Statements[random.Next(Statements.Length)], account);
                if (random.Next(10) > 0)
                    await transaction.CommitAsync();
            }
            catch (PostgresException e) when (e.SqlState[..2] is "40" or "23")
            {
                output.WriteLine(e.SqlState);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, object parameter)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = parameter } } };
        await command.ExecuteNonQueryAsync();
    }
}
