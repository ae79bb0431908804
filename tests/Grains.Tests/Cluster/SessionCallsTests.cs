using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Clients;
using Orleans.Core.Internal;

namespace Firezone.Grains.Tests.Cluster;

public sealed class SessionCallsTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_session_of_this_silo_is_asked_in_a_turn_of_its_activation()
    {
        var client = await (await TestPeers.CreateAsync(_cluster)).ConnectClientAsync();
        var id = client.Ticket.ClientId;
        var silo = _cluster.Services<ISessionCalls>().ElementAt(IndexOf(client.Attached.Silo));

        IClientGrain? asked = null;
        var ticket = await silo.Ask(client.Grain, id, nameof(IClientGrain.GetTicket), grain => (asked = grain).GetTicket(client.SessionId));
        Assert.Equal(client.Ticket.ClientId, ticket!.ClientId);
        Assert.IsType<ClientGrain>(asked);

        var told = new TaskCompletionSource<IClientGrain>();
        silo.Tell(client.Grain, id, "Tell", grain =>
        {
            told.SetResult(grain);
            return Task.CompletedTask;
        });
        Assert.IsType<ClientGrain>(await told.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task What_the_activation_throws_is_thrown_to_the_caller()
    {
        var client = await (await TestPeers.CreateAsync(_cluster)).ConnectClientAsync();
        var silo = _cluster.Services<ISessionCalls>().ElementAt(IndexOf(client.Attached.Silo));
        await Assert.ThrowsAsync<InvalidDataException>(() => silo.Ask(client.Grain, client.Ticket.ClientId, nameof(Fail), Fail));

        static async Task Fail(IClientGrain grain)
        {
            Assert.IsType<ClientGrain>(grain);
            await Task.Yield();
            throw new InvalidDataException("As agreed.");
        }
    }

    [Fact]
    public async Task A_session_that_has_left_its_activation_is_asked_wherever_it_is()
    {
        var client = await (await TestPeers.CreateAsync(_cluster)).ConnectClientAsync();
        var silo = _cluster.Services<ISessionCalls>().ElementAt(IndexOf(client.Attached.Silo));
        Task<Abstractions.Admission.ClientTicket?>? late = null;
        await silo.Ask(client.Grain, client.Ticket.ClientId, "Deactivate", async grain =>
        {
            // Its turn comes after this one, when the activation has ended.
            late = silo.Ask(client.Grain, client.Ticket.ClientId, nameof(IClientGrain.GetTicket), other =>
            {
                Assert.IsNotType<ClientGrain>(other);
                return other.GetTicket(client.SessionId);
            });
            await ((ClientGrain)grain).OnDeactivateAsync(default, default);
        });
        await _cluster.FrontEnd.NextAsync(client.SessionId, "lost");
        await client.Grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        await client.Grain.Attach(client.Session, client.Ticket, null);
        await late!.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_device_of_another_kind_is_not_mistaken_for_the_one_that_is_asked()
    {
        var client = await (await TestPeers.CreateAsync(_cluster)).ConnectClientAsync();
        var silo = _cluster.Services<ISessionCalls>().ElementAt(IndexOf(client.Attached.Silo));
        var id = client.Ticket.ClientId;
        var gateway = _cluster.Client.GetGrain<IGatewayGrain>(id);
        await Assert.ThrowsAsync<SessionLostException>(
            () => silo.Ask(gateway, id, "Authorize", grain => grain.FlowAuthorized(client.SessionId, "nothing")));
    }

    private int IndexOf(string? silo) => Enumerable.Range(0, _cluster.Services<ISessionCalls>().Count()).First(i => _cluster.SiloName(i) == silo);
}
