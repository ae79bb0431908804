using Firezone.Shared;
using Firezone.Storage.Postgres.Retention;
using Microsoft.Extensions.Logging.Abstractions;

namespace Firezone.Storage.Postgres.Tests.Retention;

public sealed class ExpiredRowsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Only_what_has_run_out_is_deleted()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await postgres.Provisioner.IssueClientTokenAsync(account.Actor, DateTimeOffset.UnixEpoch);
        await postgres.ExecuteAsync(
            """
            insert into sessions (id, front_end_id, kind, device_id, token_id, region, remote_ip, version, opened_at, ended_at)
            select gen_random_uuid(), gen_random_uuid(), 'relay', gen_random_uuid(), gen_random_uuid(), '', '', '', opened_at, ended_at
            from (values (now() - interval '31 days', now()), (now() - interval '31 days', null), (now(), now())) as v (opened_at, ended_at)
            """);
        var expired = new ExpiredRows(postgres.Database, TimeProvider.System, NullLogger<ExpiredRows>.Instance);

        // Several processes at once: one of them deletes.
        var deleted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => expired.DeleteAsync(CancellationToken.None)));

        Assert.Equal(2, deleted.Sum());
        Assert.Equal(1L, await postgres.ScalarAsync<long>("select count(*) from client_tokens"));
        Assert.Equal(2L, await postgres.ScalarAsync<long>("select count(*) from sessions"));
    }
}
