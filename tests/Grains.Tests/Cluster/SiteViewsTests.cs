using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Sites;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Grains.Tests.Cluster;

public sealed class SiteViewsTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly Guid _account = Guid.NewGuid();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task What_a_site_has_told_is_used_until_it_changes()
    {
        var views = new SiteViews(fixture.Cluster.Client, _time);
        var site = fixture.Cluster.Client.GetGrain<ISiteGrain>(Guid.NewGuid());
        var (first, second) = (Gateway("1.4.0"), Gateway("1.5.0"));

        // Also where time stands still, that there is none is not remembered.
        Assert.Equal(FlowFailure.Offline, (await ChooseAsync(views, site)).Failure);
        await site.Announce(first);
        Assert.Equal(first, (await ChooseAsync(views, site)).Gateway);

        await site.Announce(second);
        await UntilAsync(views, site, choice => choice.Gateway == second);
        await site.Withdraw(second.GatewayId, second.SessionId);
        await UntilAsync(views, site, choice => choice.Gateway == first);
        await site.Withdraw(first.GatewayId, first.SessionId);
        await UntilAsync(views, site, choice => choice.Failure is FlowFailure.Offline);
    }

    [Fact]
    public async Task Nothing_is_believed_for_longer_than_a_second()
    {
        var views = new SiteViews(fixture.Cluster.Client, _time);
        var site = fixture.Cluster.Client.GetGrain<ISiteGrain>(Guid.NewGuid());
        await site.Announce(Gateway("1.4.0"));
        await ChooseAsync(views, site);
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.True(ChooseAsync(views, site).IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(ChooseAsync(views, site).IsCompleted);
    }

    private GatewayPresence Gateway(string version) =>
        new(_account, Guid.NewGuid(), Guid.NewGuid(), version, "192.0.2.1", new Location("DE", "Berlin", 52.5, 13.4));

    private Task<GatewayChoice> ChooseAsync(SiteViews views, ISiteGrain site) => views.ChooseAsync(
        site.GetPrimaryKey(), new GatewayQuery(_account, "1.5.0", null, new Location("DE", "Berlin", 52.5, 13.4), [])).AsTask();

    private async Task UntilAsync(SiteViews views, ISiteGrain site, Func<GatewayChoice, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo(await ChooseAsync(views, site)))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
