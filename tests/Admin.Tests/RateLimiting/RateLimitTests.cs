using System.Net;
using Firezone.Admin.Tests.Support;
using Firezone.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Admin.Tests.RateLimiting;

public sealed class RateLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_account_has_twenty_requests_at_once_and_then_one_per_second()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await AdminHost.StartAsync(postgres, o => o.RateLimit.Cost = 10, time: time);
        var ada = await host.AccountAsync();
        var second = await host.CallerAsync(ada.AccountId, ada.ActorId, "reader");
        var other = await host.AccountAsync();

        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await (i % 2 == 0 ? ada : second).GetAsync("/v1/account")).Status);
        var refused = await ada.GetAsync("/v1/account");
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (refused.Status, refused.Code));
        Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/v1/account")).Status);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/v1/account")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await second.GetAsync("/v1/account")).Status);
    }
}
