using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Api;

public sealed class RetryTests
{
    private static ContractProblem Busy(string? wait = null) => new(429, "rate_limited", "Too many requests") { RetryAfter = wait };

    private static ContractProblem Away(string? wait = null) => new(503, "unavailable", "The database does not answer") { RetryAfter = wait };

    [Fact]
    public async Task A_busy_server_is_asked_again_when_it_says_so()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Refusals.Enqueue(Busy("7"));
        portal.World.Refusals.Enqueue(Away("1"));
        var outcome = (await portal.RunAsync("sites list")).Good();
        Assert.Equal([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(1)], portal.Time.Waits);
        Assert.Equal("firezone: the server is busy, going on in 7 s\n", outcome.Error);
    }

    [Fact]
    public async Task Without_a_wish_the_waits_grow()
    {
        using var portal = await Portal.StartAsync();
        for (var i = 0; i < 3; i++)
            portal.World.Refusals.Enqueue(Away());
        (await portal.RunAsync("sites list")).Good();
        Assert.Equal([1, 2, 4], portal.Time.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task A_wait_until_a_date_is_understood()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Refusals.Enqueue(Busy((TestTime.Now + TimeSpan.FromSeconds(9)).ToString("R")));
        (await portal.RunAsync("sites list")).Good();
        Assert.Equal([TimeSpan.FromSeconds(9)], portal.Time.Waits);
    }

    [Theory]
    [InlineData(429, ExitCode.Refused)]
    [InlineData(503, ExitCode.Unreachable)]
    public async Task Patience_has_an_end(int status, int exitCode)
    {
        using var portal = await Portal.StartAsync();
        for (var i = 0; i < 50; i++)
            portal.World.Refusals.Enqueue(status == 429 ? Busy("1") : Away("1"));
        (await portal.RunAsync("sites list")).Bad(exitCode);
        Assert.Equal(10, portal.World.Calls.Count);
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_not_begun()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Refusals.Enqueue(Busy("3600"));
        (await portal.RunAsync("sites list")).Bad(ExitCode.Refused);
        Assert.Empty(portal.Time.Waits);
    }

    [Fact]
    public async Task A_creation_is_repeated_with_the_same_key_and_made_once()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Refusals.Enqueue(Away("1"));
        (await portal.RunAsync("sites create Berlin")).Good();
        var keys = portal.World.Calls.Select(call => call.Headers["Idempotency-Key"]).ToList();
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
        Assert.Single(portal.World.Store.Of("sites"));
    }

    [Fact]
    public async Task Two_creations_have_two_keys()
    {
        using var portal = await Portal.StartAsync();
        (await portal.RunAsync("sites create Berlin")).Good();
        (await portal.RunAsync("sites create Berlin")).Good();
        Assert.Equal(2, portal.World.Store.Of("sites").Count);
    }

    [Fact]
    public async Task A_creation_with_a_key_of_ones_own_can_be_repeated()
    {
        using var portal = await Portal.StartAsync();
        var first = (await portal.RunAsync("sites create Berlin --idempotency-key k1")).Good();
        var second = (await portal.RunAsync("sites create Berlin --idempotency-key k1")).Good();
        Assert.Equal(first.Out, second.Out);
        Assert.Contains("422 idempotency_key_reused", (await portal.RunAsync("sites create Bonn --idempotency-key k1")).Bad(ExitCode.Refused).Error);
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_counts_as_done()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Refusals.Enqueue(Away("1"));
        (await portal.RunAsync("policies delete 00000000-0000-0000-0000-000000000009 --yes")).Good();
        (await portal.RunAsync("policies delete 00000000-0000-0000-0000-000000000009 --yes")).Bad(ExitCode.Refused);
    }
}
