using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Changes;

/// <summary>What is told when gateways come and go.</summary>
[Collection(ChangesCollection.Name)]
public sealed class GatewayChangeTests(PortalFixture fixture)
{
    [Fact]
    public async Task A_deleted_gateways_channel_ends_with_its_authorizations_and_the_next_flow_goes_to_another()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var other = await flow.Scene.GatewayAsync("other");
        await flow.Scene.SqlAsync($"delete from gateways where id = {flow.Gateway.Id}");
        await flow.Gateway.ClosedAsync("phx_close");
        await flow.Client.ReceivesAsync();
        Assert.Equal(0, await flow.Scene.ScalarAsync<long>($"select count(*) from policy_authorizations where account_id = {flow.Scene.Account}"));
        Assert.Equal("other", await flow.Client.ChosenAsync(flow.Lab, flow.Gateway.Id));
        await other.ExpectAsync("authorize_flow laptop Lab");
        await other.ReceivesAsync();
        Assert.Equal(101, await flow.Scene.StatusAsync(flow.Gateway.Connect));
    }

    [Fact]
    public async Task A_gateway_that_comes_or_goes_is_announced_to_nobody()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var other = await flow.Scene.GatewayAsync("other");
        await flow.PushedAsync();
        await other.VanishAsync();
        await Sessions.WaitUntilOpenAsync(flow.Scene, "gateway", 1);
        await flow.PushedAsync();
    }
}
