using Firezone.Shared;
using Firezone.Storage.Postgres.Sessions;

namespace Firezone.Storage.Postgres.Tests.Sessions;

public sealed class FrontEndLeasesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly FrontEndLeases _leases = new(postgres.Database);
    private readonly Guid _alive = Guid.NewGuid();
    private readonly Guid _stale = Guid.NewGuid();

    public async Task InitializeAsync()
    {
        await postgres.ExecuteAsync("truncate sessions, front_ends");
        await _leases.RenewAsync([new(_alive, "a", "eu", 1), new(_stale, "b", "eu", 2)], None);
        await postgres.ExecuteAsync("update front_ends set renewed_at = clock_timestamp() - interval '31 s' where id = $1", _stale);
        await OpenAsync(_alive, 0);
        await OpenAsync(_stale, 0);
        await OpenAsync(_stale, 0);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Sessions_of_a_front_end_that_did_not_renew_are_ended_once()
    {
        Assert.Equal(2, await _leases.EndStaleAsync(Lease, None));
        Assert.Equal(0, await _leases.EndStaleAsync(Lease, None));
        Assert.Equal(1L, await OpenCountAsync());
    }

    [Fact]
    public async Task A_renewal_in_time_keeps_them()
    {
        await _leases.RenewAsync([new(_stale, "b", "eu", 2)], None);
        Assert.Equal(0, await _leases.EndStaleAsync(Lease, None));
    }

    [Fact]
    public async Task A_front_end_without_a_lease_gets_one_lease_of_time_from_its_sessions_beginning()
    {
        await OpenAsync(Guid.NewGuid(), secondsAgo: 10);
        await OpenAsync(Guid.NewGuid(), secondsAgo: 40);
        Assert.Equal(3, await _leases.EndStaleAsync(Lease, None));
    }

    [Fact]
    public async Task An_orderly_stop_ends_the_sessions_and_the_lease()
    {
        await _leases.EndAsync(_alive, None);
        Assert.Equal(2L, await OpenCountAsync());
        Assert.Equal(1L, await postgres.ScalarAsync<long>("select count(*) from front_ends"));
    }

    [Fact]
    public async Task Concurrent_renewals_and_endings_do_not_deadlock()
    {
        var rows = Enumerable.Range(0, 50).Select(i => new FrontEndLeaseRow(Guid.NewGuid(), $"f{i}", "eu", i)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 4 == 3
            ? _leases.EndStaleAsync(Lease, None)
            : _leases.RenewAsync(i % 2 == 0 ? rows : [.. rows.Reverse()], None)));
        Assert.Equal(50L, await postgres.ScalarAsync<long>("select count(*) from front_ends where name like 'f%'"));
        await _leases.RenewAsync([], None);
    }

    private Task<long> OpenCountAsync() => postgres.ScalarAsync<long>("select count(*) from sessions where ended_at is null");

    private Task OpenAsync(Guid frontEnd, int secondsAgo) => postgres.ExecuteAsync(
        """
        insert into sessions (id, front_end_id, kind, device_id, token_id, region, remote_ip, version, opened_at)
        values (gen_random_uuid(), $1, 'relay', gen_random_uuid(), gen_random_uuid(), '', '', '', clock_timestamp() - make_interval(secs => $2))
        """,
        frontEnd,
        secondsAgo);
}
