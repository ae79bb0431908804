using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Gateway.WebSockets.Tests.Telemetry;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Cluster;

public sealed class LostSessionTests
{
    private const string OtherSilo = "silo-2";
    private const string CreateFlow =
        """{"topic":"client","event":"create_flow","payload":{"resource_id":"5b0f2a4e-7a3c-4f0e-9a57-0f4f3f1f2a10","connected_gateway_ids":[]},"ref":7}""";

    // Stands still, so that no renewal of the lease looks for lost sessions by itself.
    private readonly FakeTimeProvider _clock = new(Tickets.Now);

    [Fact]
    public async Task A_call_that_finds_no_session_attaches_it_and_is_made_again()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var client = host.Cluster.Client;
        var session = (await client.Attaches.NextAsync()).Session.SessionId;
        var isLost = true;
        client.OnAttach = (_, _) =>
        {
            isLost = false;
            return Task.FromResult(FakeDevice.Attached(null, silo: OtherSilo));
        };
        client.OnCreateFlow = () => isLost ? throw new SessionLostException() : Task.CompletedTask;

        await peer.SendTextAsync(CreateFlow);

        Assert.Equal(session, (await client.Flows.NextAsync()).Session);
        Assert.Equal(session, (await client.Attaches.NextAsync()).Session.SessionId);
        Assert.Equal(session, (await client.Flows.NextAsync()).Session);
    }

    [Fact]
    public async Task A_session_that_a_leaving_silo_takes_once_more_and_loses_is_attached_again()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var seen = new Measurements(host);
        using var peer = await host.JoinedClientAsync();
        var client = host.Cluster.Client;
        var session = (await client.Attaches.NextAsync()).Session;
        var silos = new Queue<string>([FakeDevice.Silo, OtherSilo]);
        client.OnAttach = async (again, _) =>
        {
            // What an activation sends when it ends may arrive before its answer to the attach.
            await again.FrontEnd.Lost(again.SessionId);
            return FakeDevice.Attached(null, silo: silos.Dequeue());
        };

        await session.FrontEnd.Lost(session.SessionId);

        Assert.Single(await seen.WaitAsync("reattaches kind=client outcome=attached"));
        Assert.Empty(silos);
        await client.Attaches.NextAsync();
        await client.Attaches.NextAsync();
        // The loss that came during the second one was that of the silo before.
        Assert.True(client.Attaches.IsEmpty);
    }

    [Fact]
    public async Task Sessions_that_are_lost_during_a_pass_over_others_do_not_wait_for_its_end()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        var client = host.Cluster.Client;
        using var slow = await host.JoinedClientAsync();
        var first = (await client.Attaches.NextAsync()).Session.SessionId;
        client.OnAttach = (_, _) => Task.FromResult(FakeDevice.Attached("""{"hello":true}""", silo: OtherSilo));
        using var peer = await host.JoinedClientAsync();
        var second = (await client.Attaches.NextAsync()).Session.SessionId;
        var attached = new TaskCompletionSource<AttachResult>();
        client.OnAttach = (_, _) => attached.Task;
        var reattacher = host.Service<Reattacher>();

        var pass = reattacher.Check([OtherSilo], all: false);
        Assert.Equal(first, (await client.Attaches.NextAsync()).Session.SessionId);
        var next = reattacher.Check([], all: false);
        Assert.Equal(second, (await client.Attaches.NextAsync()).Session.SessionId);
        Assert.False(pass.IsCompleted);

        attached.SetResult(FakeDevice.Attached(null, silo: "silo-3"));
        await Task.WhenAll(pass, next).WaitAsync(RawPeer.Patience);
        Assert.True(client.Attaches.IsEmpty);
    }
}
