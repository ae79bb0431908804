using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Accounts;

public sealed class AccountChangePollTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly AccountChangePoll _poll = new(postgres.Database);
    private TestAccount _account = null!;

    public async Task InitializeAsync() => _account = await TestAccount.CreateAsync(postgres);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Each_change_is_found_once_and_the_first_call_finds_none()
    {
        Assert.Empty((await _poll.NextAsync(None))!);
        Assert.Empty((await _poll.NextAsync(None))!);
        await postgres.ExecuteAsync("update sites set name = 'Berlin' where account_id = $1", _account.Id);
        await postgres.ExecuteAsync("update sites set name = 'Bonn' where account_id = $1", _account.Id);
        Assert.Equal([new AccountVersion(_account.Id, 8)], await _poll.NextAsync(None));
        Assert.Empty((await _poll.NextAsync(None))!);
    }

    [Fact]
    public async Task A_slow_transaction_that_commits_after_faster_ones_is_found_when_it_does()
    {
        var other = await TestAccount.CreateAsync(postgres);
        await _poll.NextAsync(None);
        await using var connection = await postgres.Database.Write.OpenConnectionAsync();
        await using var slow = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("update sites set name = 'slow' where account_id = $1", connection)
        {
            Parameters = { new() { Value = _account.Id } },
        };
        await command.ExecuteNonQueryAsync();

        for (var i = 1; i <= 3; i++)
        {
            await postgres.Provisioner.CreateSiteAsync(other.Id, $"fast {i}");
            Assert.Equal([new AccountVersion(other.Id, 6 + i)], await _poll.NextAsync(None));
        }
        await slow.CommitAsync();
        Assert.Equal([new AccountVersion(_account.Id, 7)], await _poll.NextAsync(None));
        Assert.Empty((await _poll.NextAsync(None))!);
    }

    [Fact]
    public async Task A_deleted_account_is_found_and_a_transaction_that_was_rolled_back_is_not()
    {
        await _poll.NextAsync(None);
        await postgres.ExecuteAsync($"begin; insert into sites (account_id, name) values ('{_account.Id}', 'x'); rollback");
        Assert.Empty((await _poll.NextAsync(None))!);
        await postgres.ExecuteAsync("delete from accounts where id = $1", _account.Id);
        Assert.Equal([new AccountVersion(_account.Id, 7)], await _poll.NextAsync(None));
    }

    [Fact]
    public async Task Every_version_of_many_writers_is_found()
    {
        await _poll.NextAsync(None);
        var accounts = new List<TestAccount>();
        for (var i = 0; i < 4; i++)
            accounts.Add(await TestAccount.CreateAsync(postgres));
        var writing = Task.WhenAll(accounts.SelectMany(a => Enumerable.Range(0, 2).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
                await postgres.ExecuteAsync($"begin; update sites set name = '{w} {i}' where account_id = '{a.Id}'; select pg_sleep(0.001); commit");
        }))));
        var reader = new AccountChangeReader(postgres.Database);
        var known = accounts.ToDictionary(a => a.Id, _ => 0L);
        do
        {
            // What is found has become visible: reading the account now gives at least that version.
            foreach (var found in (await _poll.NextAsync(None))!)
            {
                Assert.True(known[found.AccountId] < found.Version);
                known[found.AccountId] = found.Version;
                Assert.True((await reader.ReadSinceAsync(found.AccountId, 0, long.MaxValue, None))!.Version >= found.Version);
            }
        }
        while (!writing.IsCompleted);
        await writing;
        foreach (var found in (await _poll.NextAsync(None))!)
            known[found.AccountId] = found.Version;
        Assert.All(known.Values, v => Assert.Equal(6 + 60, v));
    }

    [Theory]
    [InlineData(1_000_000_000, 0, false)] // transaction ids that this server has not come to
    [InlineData(0, 0, true)] // another timeline
    [InlineData(0, 31, false)] // too long ago: rows may have been deleted meanwhile
    public async Task When_something_may_have_been_missed_every_account_may_have_changed(long xids, int minutes, bool promoted)
    {
        await _poll.NextAsync(None);
        var last = _poll.Last!;
        var ahead = long.Parse(last.Snapshot.Split(':')[1]) + xids;
        _poll.Last = last with
        {
            Snapshot = xids == 0 ? last.Snapshot : $"{ahead}:{ahead}:",
            Timeline = promoted ? "0000BEEF" : last.Timeline,
            At = last.At - TimeSpan.FromMinutes(minutes),
        };
        Assert.Null(await _poll.NextAsync(None));
        Assert.Empty((await _poll.NextAsync(None))!);
        await postgres.Provisioner.CreateSiteAsync(_account.Id, "Berlin");
        Assert.Single((await _poll.NextAsync(None))!);
    }

    [Fact]
    public async Task A_call_that_fails_leaves_its_changes_to_the_next()
    {
        await using var proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Port);
        await using var database = new Database(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = proxy.Port, Timeout = 60, CommandTimeout = 60 }.ConnectionString);
        var poll = new AccountChangePoll(database);
        await poll.NextAsync(None);
        await postgres.Provisioner.CreateSiteAsync(_account.Id, "Berlin");
        proxy.Refuse = true;
        proxy.CutAll();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => poll.NextAsync(None));
        proxy.Refuse = false;
        Assert.Equal([new AccountVersion(_account.Id, 7)], await poll.NextAsync(None));
    }
}
