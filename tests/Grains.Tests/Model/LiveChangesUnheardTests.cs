using System.Diagnostics;

namespace Firezone.Grains.Tests.Model;

/// <summary>Changes of which no notification tells. Measures, so that it runs when all others are through.</summary>
[CollectionDefinition(nameof(LiveChangesUnheardTests), DisableParallelization = true)]
[Collection(nameof(LiveChangesUnheardTests))]
public sealed class LiveChangesUnheardTests
{
    [Fact]
    public async Task Without_notifications_views_are_right_and_a_revoked_session_is_closed_within_a_second()
    {
        await using var world = await FaultyWorld.StartAsync(swallowsNotifications: true);
        await world.ChangeAsync(times: 6);
        await world.SettleAsync();
        foreach (var run in world.Runs)
        {
            if (run.Account.Clients.Select(c => c.Open).FirstOrDefault(s => s is not null) is not { } session)
                continue;
            await world.ExecuteAsync($"delete from client_tokens where id = '{session.Ticket.TokenId}'");
            var clock = Stopwatch.StartNew();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            while (session.End is null && !limit.IsCancellationRequested)
            {
                await session.WhenReceivedAsync(limit.Token);
                session.Drain();
            }

            Assert.Equal("TokenRevoked", session.End);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }

        Assert.NotEqual(0, world.Proxy.SwallowedNotifications);
    }
}
