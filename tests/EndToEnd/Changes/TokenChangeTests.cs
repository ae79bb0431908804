using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Changes;

/// <summary>What is told and closed when tokens and those whom they belong to go.</summary>
[Collection(ChangesCollection.Name)]
public sealed class TokenChangeTests(PortalFixture fixture)
{
    [Theory]
    [InlineData("delete from client_tokens where actor_id = {0}")]
    [InlineData("update actors set disabled_at = now() where id = {0}")]
    [InlineData("delete from actors where id = {0}")]
    [InlineData("delete from client_tokens where auth_provider_id = {1}")]
    public async Task Whoever_loses_the_token_is_signed_out_without_a_word_and_gateways_reject_it(string change)
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var (bob, provider) = (await flow.Scene.ActorAsync("Bob"), Guid.NewGuid());
        await flow.Scene.MemberAsync(flow.Own, bob);
        var token = await flow.Scene.TokenAsync(bob, provider: provider);
        var tablet = await flow.Scene.ClientAsync("tablet", token);
        var phone = await flow.Scene.ClientAsync("phone", token);
        await tablet.FlowAsync(flow.Lab);
        await flow.Gateway.ExpectAsync("authorize_flow tablet Lab");

        await flow.Scene.SqlAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(
            $"{change} and ({{0}}::uuid, {{1}}::uuid) is not null", bob, provider));
        await tablet.SignedOutAsync();
        await phone.SignedOutAsync();
        await flow.PushedAsync([], ["reject_access tablet Lab"]);
    }

    [Fact]
    public async Task A_deleted_token_closes_its_own_sessions_and_no_other_of_the_actor()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var token = await flow.Scene.TokenAsync(flow.Scene.AdaId);
        var tablet = await flow.Scene.ClientAsync("tablet", token);
        await flow.Scene.SqlAsync($"delete from client_tokens where id = {token.Id}");
        await tablet.SignedOutAsync();
        await flow.PushedAsync();
    }

    [Fact]
    public async Task An_administrator_who_becomes_a_user_stays_connected_and_nobody_is_told()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var admin = await scene.ActorAsync("Admin", "account_admin_user");
        var lab = await scene.OpenResourceAsync("Lab");
        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync(token: await scene.TokenAsync(admin));
        await client.FlowAsync(lab);
        await gateway.ExpectAsync("authorize_flow laptop Lab");
        await scene.SqlAsync($"update actors set type = 'account_user' where id = {admin}");
        await client.ReceivesAsync();
        await gateway.ReceivesAsync();
    }

    [Fact]
    public async Task An_expired_token_is_removed_and_its_client_signed_out_and_gateways_are_told_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var soon = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3);
        var token = await flow.Scene.TokenAsync(flow.Scene.AdaId, soon);
        var tablet = await flow.Scene.ClientAsync("tablet", token);
        await tablet.FlowAsync(flow.Lab);
        Assert.Equal(soon.ToUnixTimeSeconds(), (await flow.Gateway.AuthorizedAsync())["expires_at"]!.GetValue<long>());

        // As the portal's own job does from time to time.
        await flow.Scene.WhenAsync(
            $"""
            with gone as (delete from client_tokens where id = {token.Id} and expires_at < clock_timestamp() returning id)
            select exists (select from gone)
            """);
        await tablet.SignedOutAsync();
        await flow.PushedAsync();
    }

    [Fact]
    public async Task Gateways_without_their_token_are_closed_and_clients_are_told_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var token = await flow.Scene.GatewayTokenAsync();
        var second = await flow.Scene.GatewayAsync("second", token: token);
        var third = await flow.Scene.GatewayAsync("third", token: token);
        await flow.Scene.SqlAsync($"delete from gateway_tokens where id = {token.Id}");
        await second.SignedOutAsync();
        await third.SignedOutAsync();
        await flow.PushedAsync();
    }
}
