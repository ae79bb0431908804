using Firezone.Shared;

namespace Firezone.Storage.Postgres.Tests;

public sealed class SmokeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task It_starts() => Assert.Equal(0L, await postgres.ScalarAsync<long>("select count(*) from accounts"));
}
