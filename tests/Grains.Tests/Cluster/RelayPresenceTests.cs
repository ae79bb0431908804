using System.Text.Json.Nodes;
using Firezone.Grains.Relays;
using Firezone.Wire.Relay;

namespace Firezone.Grains.Tests.Cluster;

public sealed class RelayPresenceTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task Relays_that_come_and_go_are_told_after_a_quiet_second()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var client = await peers.ConnectClientAsync();
        Assert.Empty(JsonNode.Parse(client.Attached.Init!)!["relays"]!.AsArray());

        var relay = await peers.ConnectRelayAsync("secret-a");
        Assert.Equal("{}"u8, relay.Attached.Init!);
        await SeenAsync(relays => relays == 1);
        Assert.True(_cluster.FrontEnd.IsSilent(client.SessionId));
        _cluster.Time.Advance(TimeSpan.FromSeconds(1));
        var joined = (await _cluster.FrontEnd.NextAsync(client.SessionId, "relays_presence"))!;
        Assert.Empty(joined["disconnected_ids"]!.AsArray());
        Assert.Equal(2, joined["connected"]!.AsArray().Count);
        var (username, password) = TurnCredentials.Derive(client.Ticket.PublicKey, "secret-a", client.Ticket.TokenExpiresAt.ToUnixTimeSeconds());
        Assert.Equal((username, password), (Text(joined["connected"]![0]!["username"]), Text(joined["connected"]![0]!["password"])));

        await relay.Grain.Detach(relay.SessionId);
        await SeenAsync(relays => relays == 0);
        _cluster.Time.Advance(TimeSpan.FromSeconds(1));
        var gone = (await _cluster.FrontEnd.NextAsync(client.SessionId, "relays_presence"))!;
        Assert.Equal(RelayIds.FromStampSecret("secret-a").ToString(), Text(gone["disconnected_ids"]![0]));
        Assert.Empty(gone["connected"]!.AsArray());
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    // The directory settles by Orleans' own clock, ten seconds after its first use; until then it does not remove.
    private async Task SeenAsync(Func<int, bool> condition)
    {
        var view = _cluster.Service<RelayView>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition(view.Current.Relays.Count))
        {
            view.Ask();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
