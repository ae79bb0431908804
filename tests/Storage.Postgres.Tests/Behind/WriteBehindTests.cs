using Firezone.Shared;
using Firezone.Storage.Postgres.Behind;
using Firezone.Storage.Postgres.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Storage.Postgres.Tests.Behind;

public sealed class WriteBehindTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Sessions_are_recorded_with_their_beginning_and_end()
    {
        var account = await TestAccount.CreateAsync(postgres);
        var open = Session(account.Id, "client");
        var closedLater = Session(account.Id, "gateway");
        var closedAtOnce = Session(null, "relay");
        await using (var writer = Writer())
        {
            writer.Opened(open);
            writer.Opened(closedLater);
        }
        await using (var writer = Writer())
        {
            writer.Opened(closedAtOnce);
            writer.Closed(closedAtOnce.Id, Noon.AddMinutes(1));
            writer.Closed(closedLater.Id, Noon.AddMinutes(2));
            writer.Closed(closedLater.Id, Noon.AddMinutes(3));
            writer.Closed(Guid.NewGuid(), Noon);
            writer.Opened(open);
        }
        Assert.Equal("open", await EndAsync(open.Id));
        Assert.Equal("12:02", await EndAsync(closedLater.Id));
        Assert.Equal("12:01", await EndAsync(closedAtOnce.Id));
        Guid[] all = [open.Id, closedLater.Id, closedAtOnce.Id];
        Assert.Equal(3L, await postgres.ScalarAsync<long>("select count(*) from sessions where id = any($1)", all));
    }

    [Fact]
    public async Task A_bad_session_is_dropped_alone()
    {
        var good = Enumerable.Range(0, 20).Select(_ => Session(null, "relay")).ToArray();
        await using (var writer = Writer())
        {
            foreach (var session in good[..10])
                writer.Opened(session);
            writer.Opened(Session(null, "nonsense"));
            foreach (var session in good[10..])
                writer.Opened(session);
        }
        Assert.Equal(20L, await postgres.ScalarAsync<long>("select count(*) from sessions where id = any($1)", good.Select(s => s.Id).ToArray()));
    }

    [Fact]
    public async Task All_tables_are_written_in_one_transaction()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using (var before = new Connector(postgres.Database))
        {
            await before.AdmitAsync(account.ClientToken.Text, Connector.Laptop("laptop"));
            await before.AdmitAsync(account.GatewayToken.Text, Connector.Machine("machine"));
        }
        var session = Session(account.Id, "client");
        // Its time stands still: all waits for the end.
        await using (var connector = new Connector(postgres.Database, new FakeTimeProvider()))
        {
            await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop("laptop"));
            await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine("machine"));
            connector.Writer.Opened(session);
        }
        var transactions = await postgres.ScalarAsync<long>(
            """
            select count(distinct x.xmin::text) from (
                select xmin from clients where account_id = $1 union all select xmin from gateways where account_id = $1
                union all select xmin from client_tokens where account_id = $1 union all select xmin from sessions where account_id = $1) x
            """,
            account.Id);
        Assert.Equal(1, transactions);
    }

    [Fact]
    public async Task The_sessions_of_an_account_go_with_it()
    {
        var (going, staying) = (await TestAccount.CreateAsync(postgres), await TestAccount.CreateAsync(postgres));
        await using (var writer = Writer())
        {
            writer.Opened(Session(going.Id, "client"));
            writer.Opened(Session(staying.Id, "client"));
        }

        await postgres.ExecuteAsync("delete from accounts where id = $1", going.Id);

        Assert.Equal(
            staying.Id,
            await postgres.ScalarAsync<Guid>("select account_id from sessions where account_id in ($1, $2)", going.Id, staying.Id));
    }

    [Fact]
    public async Task Nothing_is_read_but_the_rows_that_change()
    {
        var (sessions, ended) = (Enumerable.Range(0, 1_000).Select(_ => Session(null, "relay")).ToArray(), 10);
        await using (var writer = Writer())
        {
            // The plan of the statement that ends sessions is made while there are few.
            foreach (var session in sessions[..ended])
                writer.Opened(session);
        }

        await postgres.ExecuteAsync("analyze sessions");
        const string name = "reads";
        long before;
        await using (var database = new Database($"{postgres.ConnectionString};Application Name={name};Maximum Pool Size=1"))
        {
            await WriteAsync(database, writer => writer.Closed(sessions[0].Id, Noon));
            await WriteAsync(database, writer => writer.Closed(sessions[1].Id, Noon));
            await WriteAsync(postgres.Database, writer => Array.ForEach(sessions[ended..], writer.Opened));
            before = await ReadAsync();
            await WriteAsync(database, writer => Array.ForEach(sessions[^ended..], session => writer.Closed(session.Id, Noon)));
        }

        // A server process says what it has read when it ends; those of the other tests may say so at any time.
        while (await postgres.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name = $1", name) > 0)
            await Task.Yield();
        Assert.InRange(await ReadAsync() - before, ended, sessions.Length / 2);

        Task<long> ReadAsync() => postgres.ScalarAsync<long>(
            "select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = 'sessions'");
    }

    private static async Task WriteAsync(Database database, Action<WriteBehind> write)
    {
        await using var writer = Writer(database);
        write(writer);
    }

    private static SessionRow Session(Guid? account, string kind) =>
        new(Guid.NewGuid(), Guid.NewGuid(), kind, account, Guid.NewGuid(), Guid.NewGuid(), "eu", "198.51.100.7", "1.5.7", Noon);

    private WriteBehind Writer() => Writer(postgres.Database);

    private static WriteBehind Writer(Database database) =>
        new(database, TimeProvider.System, NullLogger<WriteBehind>.Instance, new StorageMetrics());

    private Task<string> EndAsync(Guid id) =>
        postgres.ScalarAsync<string>("select coalesce(to_char(ended_at at time zone 'utc', 'HH24:MI'), 'open') from sessions where id = $1", id);
}
