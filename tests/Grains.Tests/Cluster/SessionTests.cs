using System.Text.Json.Nodes;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Relays;
using Firezone.Grains.Sessions;
using Firezone.Wire.Relay;
using Orleans.Runtime;

namespace Firezone.Grains.Tests.Cluster;

public sealed class SessionTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_client_is_told_its_interface_and_its_resources()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var client = await peers.ConnectClientAsync();
        var init = JsonNode.Parse(client.Attached.Init!)!;
        Assert.Equal(client.Ticket.Ipv4, init["interface"]!["ipv4"]!.GetValue<string>());
        var resource = Assert.Single(init["resources"]!.AsArray())!;
        Assert.Equal(peers.Resource.ToString(), resource["id"]!.GetValue<string>());
        Assert.Equal("Frankfurt", resource["gateway_groups"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_newest_session_wins_whatever_order_the_attaches_arrive_in()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var older = await peers.ConnectClientAsync();
        var newer = await peers.ConnectClientAsync();
        Assert.Equal(AttachStatus.Attached, newer.Attached.Status);
        await _cluster.FrontEnd.NextAsync(older.SessionId, "close:Superseded");

        var late = await newer.Grain.Attach(_cluster.NewSession(older.Ticket.AdmittedAt), older.Ticket, null);
        Assert.Equal(AttachStatus.Superseded, late.Status);
        // The loser's detach does not end the winner's session.
        await older.Grain.Detach(older.SessionId);
        await newer.Grain.CreateFlow(newer.SessionId, Guid.NewGuid(), []);
        await _cluster.FrontEnd.NextAsync(newer.SessionId, "flow_creation_failed");
    }

    [Fact]
    public async Task A_gateway_that_disconnects_is_offline_at_once_and_one_that_reconnects_never_is()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var first = await peers.ConnectGatewayAsync();
        var second = await peers.ConnectGatewayAsync();
        await first.Grain.Detach(first.SessionId);
        var client = await peers.ConnectClientAsync();
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        await _cluster.FrontEnd.NextAsync(second.SessionId, "authorize_flow");

        await second.Grain.Detach(second.SessionId);
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        var failed = (await _cluster.FrontEnd.NextAsync(client.SessionId, "flow_creation_failed"))!;
        Assert.Equal("offline", failed["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_resumed_session_whose_view_has_not_changed_is_sent_nothing()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var client = await peers.ConnectClientAsync();
        var resumed = await client.Grain.Attach(client.Session, client.Ticket, new Resume(client.Attached.ViewHash));
        _cluster.FrontEnd.Begin(client.SessionId, resumed.FirstPush);
        Assert.Equal((AttachStatus.Attached, null), (resumed.Status, resumed.Init));

        await _cluster.Provisioner.CreatePolicyAsync(
            peers.Everyone, await _cluster.Provisioner.CreateResourceAsync(peers.Account, peers.Site, "ip", "Printer", "10.1.1.1"));
        var told = await _cluster.FrontEnd.NextAsync(client.SessionId);
        Assert.Equal("resource_created_or_updated", told.Event);
        var stale = await client.Grain.Attach(client.Session, client.Ticket, new Resume(client.Attached.ViewHash));
        Assert.Equal(2, JsonNode.Parse(stale.Init!)!["resources"]!.AsArray().Count);
        var current = await client.Grain.Attach(client.Session, client.Ticket, new Resume(told.ViewHash));
        Assert.Null(current.Init);
    }

    [Fact]
    public async Task A_configuration_change_is_pushed_to_the_sessions_of_its_account_only()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var others = await TestPeers.CreateAsync(_cluster);
        var client = await peers.ConnectClientAsync();
        var other = await others.ConnectClientAsync();

        await ExecuteAsync($"delete from policies where id = '{peers.Policy}'");
        var deleted = await _cluster.FrontEnd.NextAsync(client.SessionId, "resource_deleted");
        Assert.Equal(peers.Resource.ToString(), deleted!.GetValue<string>());

        await _cluster.Provisioner.SetConfigAsync(peers.Account, new("corp.example.com", "custom", ["1.1.1.1"], null));
        var config = (await _cluster.FrontEnd.NextAsync(client.SessionId, "config_changed"))!;
        Assert.Equal("corp.example.com", config["interface"]!["search_domain"]!.GetValue<string>());
        Assert.True(_cluster.FrontEnd.IsSilent(other.SessionId));
    }

    [Fact]
    public async Task Of_the_pushes_of_one_change_the_last_completes_the_view()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var printer = await _cluster.Provisioner.CreateResourceAsync(peers.Account, peers.Site, "ip", "Printer", "10.1.1.1");
        await _cluster.Provisioner.CreatePolicyAsync(peers.Everyone, printer);
        var client = await peers.ConnectClientAsync();

        await ExecuteAsync($"delete from policies where account_id = '{peers.Account}'");
        FakeFrontEnd.Received[] pushes =
            [await _cluster.FrontEnd.NextAsync(client.SessionId), await _cluster.FrontEnd.NextAsync(client.SessionId)];
        Assert.All(pushes, p => Assert.Equal("resource_deleted", p.Event));
        Assert.Equal(0ul, pushes[0].ViewHash);
        var completing = pushes[1];
        Assert.NotEqual(0ul, completing.ViewHash);
        var resumed = await client.Grain.Attach(client.Session, client.Ticket, new Resume(completing.ViewHash));
        Assert.Null(resumed.Init);
    }

    [Fact]
    public async Task A_session_whose_grain_is_deactivated_is_handed_back_to_its_front_end()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var client = await peers.ConnectClientAsync();
        await client.Grain.Cast<Orleans.Core.Internal.IGrainManagementExtension>().DeactivateOnIdle();
        await _cluster.FrontEnd.NextAsync(client.SessionId, "lost");

        var again = await client.Grain.Attach(client.Session, client.Ticket, new Resume(client.Attached.ViewHash));
        Assert.Equal((AttachStatus.Attached, null), (again.Status, again.Init));
    }

    [Fact]
    public async Task Sessions_of_a_front_end_that_lost_its_lease_end()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var directory = _cluster.Client.GetGrain<IFrontEndDirectoryGrain>(0);
        var lease = await directory.Renew(_cluster.FrontEnd.Id, "fake", "local", 1);
        Assert.NotEmpty(lease.ActiveSilos);
        var gateway = await peers.ConnectGatewayAsync();
        var sessions = _cluster.Service<LocalSessions>();
        Assert.Contains(sessions.OfFrontEnd(_cluster.FrontEnd.Id), s => s.SessionId == gateway.SessionId);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (sessions.OfFrontEnd(_cluster.FrontEnd.Id).Any(s => s.SessionId == gateway.SessionId))
        {
            limit.Token.ThrowIfCancellationRequested();
            _cluster.Time.Advance(lease.Duration / 3);
            await Task.Yield();
        }
    }

    [Fact]
    public async Task A_message_for_a_session_that_has_gone_leaves_no_activation_behind()
    {
        var management = _cluster.Client.GetGrain<IManagementGrain>(0);
        var client = _cluster.Client.GetGrain<IClientGrain>(Guid.NewGuid());
        var gateway = _cluster.Client.GetGrain<IGatewayGrain>(Guid.NewGuid());
        Assert.Null(await client.GetTicket(Guid.NewGuid()));
        await Assert.ThrowsAsync<SessionLostException>(() => gateway.FlowAuthorized(Guid.NewGuid(), "ref"));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var grain in (IAddressable[])[client, gateway])
        {
            while (await management.GetActivationAddress(grain) is not null)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    [Fact]
    public async Task Other_grains_messages_wait_for_a_session_that_is_about_to_be_attached_and_its_front_end_is_told_to_attach_it()
    {
        var peers = await TestPeers.CreateAsync(_cluster);
        var gateway = await peers.ConnectGatewayAsync();
        var client = await peers.ConnectClientAsync();
        await gateway.Grain.Detach(gateway.SessionId);
        await client.Grain.Detach(client.SessionId);

        var ticket = client.Grain.GetTicket(client.SessionId);
        await Assert.ThrowsAsync<SessionLostException>(() => client.Grain.CreateFlow(client.SessionId, peers.Resource, []));
        await Assert.ThrowsAsync<SessionLostException>(() => gateway.Grain.FlowAuthorized(gateway.SessionId, "ref"));
        Assert.False(ticket.IsCompleted);
        await gateway.Grain.Attach(gateway.Session, gateway.Ticket, null);
        var attached = await client.Grain.Attach(client.Session, client.Ticket, null);
        _cluster.FrontEnd.Begin(client.SessionId, attached.FirstPush);

        Assert.NotNull(await ticket);
        // Refused for its ref, not for its session.
        Assert.False(await gateway.Grain.FlowAuthorized(gateway.SessionId, "ref"));
        await client.Grain.CreateFlow(client.SessionId, peers.Resource, []);
        await _cluster.FrontEnd.NextAsync(gateway.SessionId, "authorize_flow");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _cluster.Database.Write.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
