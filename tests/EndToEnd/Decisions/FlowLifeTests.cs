using System.Text.Json.Nodes;
using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Decisions;

/// <summary>From the request of a flow to the candidates that both sides exchange.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class FlowLifeTests(PortalFixture fixture)
{
    [Fact]
    public async Task The_authorization_is_a_row_with_all_that_granted_it_before_the_client_is_told()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.ResourceAsync("Lab");
        var group = await scene.GroupAsync("Own");
        var membership = await scene.MemberAsync(group, scene.AdaId);
        var policy = await scene.PolicyAsync(group, lab);
        var gateway = await scene.GatewayAsync(with: c => c.From("203.0.113.50"));
        var client = await scene.ClientAsync(with: c => c.From("203.0.113.7"));
        await client.FlowAsync(lab);

        Assert.Equal(1, await scene.ScalarAsync<long>($"""
            select count(*) from policy_authorizations
            where account_id = {scene.Account} and client_id = {client.Id} and gateway_id = {gateway.Id} and resource_id = {lab}
                and policy_id = {policy} and membership_id = {membership} and token_id = {scene.Ada.Id}
                and client_remote_ip = '203.0.113.7' and gateway_remote_ip = '203.0.113.50' and client_user_agent = {Devices.CurrentClient}
                and expires_at = {scene.AdaExpiresAt}
            """));
    }

    [Fact]
    public async Task The_gateway_is_told_who_may_reach_what_and_until_when()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var wiki = await scene.ResourceAsync("Wiki", "**.wiki.example.com", "dns", filters: [new("tcp", ["443", "8000 - 8080"]), new("icmp", [])]);
        await scene.PolicyAsync(scene.Everyone, wiki);
        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync(with: c => c
            .Agent("Mac OS/15.4.1 apple-client/1.5.8 (arm64; 24.4.0)").With("device_serial", "C02X").With("device_uuid", "4C4C"));
        await client.FlowAsync(wiki);

        var told = await gateway.AuthorizedAsync();
        Assert.Equal(scene.AdaExpiresAt.ToUnixTimeSeconds(), told["expires_at"]!.GetValue<long>());
        Same(
            $$"""
            {"id":"{{wiki}}","type":"dns","name":"Wiki","address":"**.wiki.example.com","filters":[
              {"protocol":"tcp","port_range_start":443,"port_range_end":443},
              {"protocol":"tcp","port_range_start":8000,"port_range_end":8080},
              {"protocol":"icmp"}]}
            """,
            told["resource"]);
        Same($$"""{"auth_provider_id":null,"actor_id":"{{scene.AdaId}}","actor_email":"Ada@example.com","actor_name":"Ada"}""", told["subject"]);
        var of = told["client"]!;
        of.AsObject().Remove("preshared_key");
        Same(
            $$"""
            {"id":"{{client.Id}}","public_key":"{{client.Connect.Query["public_key"]}}","ipv4":"{{client.Init["interface"]!["ipv4"]}}",
             "ipv6":"{{client.Init["interface"]!["ipv6"]}}","version":"1.5.8","device_os_name":"Mac OS","device_os_version":"15.4.1",
             "device_serial":"C02X","device_uuid":"4C4C","identifier_for_vendor":null,"firebase_installation_id":null}
            """,
            of);
    }

    [Fact]
    public async Task The_client_is_told_the_gateway_only_after_that_has_acknowledged()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var gateway = await scene.GatewayAsync(answers: false);
        var client = await scene.ClientAsync();
        await client.AskAsync(lab);
        var authorize = await gateway.AuthorizedAsync();
        await client.ReceivesAsync();

        await gateway.AcknowledgeAsync(authorize);
        await client.ExpectAsync("flow_created Lab");
        var told = client.Last;
        foreach (var secret in (string[])["preshared_key", "client_ice_credentials", "gateway_ice_credentials"])
            told.AsObject().Remove(secret);
        Same(
            $$"""
            {"resource_id":"{{lab}}","gateway_group_id":"{{scene.Site}}","gateway_id":"{{gateway.Id}}",
             "gateway_public_key":"{{gateway.Connect.Query["public_key"]}}","gateway_ipv4":"{{gateway.Init["interface"]!["ipv4"]}}",
             "gateway_ipv6":"{{gateway.Init["interface"]!["ipv6"]}}"}
            """,
            told);
    }

    [Fact]
    public async Task An_acknowledgement_may_be_repeated_and_is_worth_nothing_from_another_gateway()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var gateway = await scene.GatewayAsync("asked", answers: false);
        var client = await scene.ClientAsync();
        await client.AskAsync(lab);
        var authorize = await gateway.AuthorizedAsync();
        var stranger = await scene.GatewayAsync("stranger", answers: false);

        await stranger.AcknowledgeAsync(authorize);
        Assert.Equal("""error {"reason":"invalid_ref"}""", await RepliedAsync(stranger));
        await gateway.Socket.SendAsync("flow_authorized", """{"ref":"nonsense"}""");
        Assert.Equal("""error {"reason":"invalid_ref"}""", await RepliedAsync(gateway));
        await client.ReceivesAsync();

        await gateway.AcknowledgeAsync(authorize);
        Assert.Equal("ok {}", await RepliedAsync(gateway));
        await client.ReceivesAsync("flow_created Lab");
        await gateway.AcknowledgeAsync(authorize);
        Assert.Equal("ok {}", await RepliedAsync(gateway));
    }

    [Fact]
    public async Task An_acknowledgement_for_a_client_that_has_gone_is_dropped()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var gateway = await scene.GatewayAsync(answers: false);
        var client = await scene.ClientAsync();
        await client.AskAsync(lab);
        var authorize = await gateway.AuthorizedAsync();
        var again = await scene.ClientAsync();

        await gateway.AcknowledgeAsync(authorize);
        Assert.Equal("ok {}", await RepliedAsync(gateway));
        await again.ReceivesAsync();
    }

    [Fact]
    public async Task A_flow_goes_to_the_newest_socket_of_a_gateway()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var token = await scene.GatewayTokenAsync();
        var older = await scene.GatewayAsync(token: token);
        var newer = await scene.GatewayAsync(token: token);
        Assert.Equal(older.Id, newer.Id);
        var client = await scene.ClientAsync();
        var created = await client.FlowAsync(lab);
        Assert.Equal(newer.Connect.Query["public_key"], created["gateway_public_key"]!.GetValue<string>());
        await newer.ExpectAsync("authorize_flow laptop Lab");
        await older.ClosedAsync();
    }

    [Fact]
    public async Task Every_request_that_is_granted_is_a_row_of_its_own()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        await scene.GatewayAsync();
        var client = await scene.ClientAsync();
        for (var i = 0; i < 3; i++)
            await client.FlowAsync(lab);
        Assert.Equal(3, await scene.ScalarAsync<long>($"select count(*) from policy_authorizations where client_id = {client.Id}"));
    }

    [Fact]
    public async Task Candidates_go_both_ways_unread_and_never_to_another_account()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        await using var other = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync();
        var stranger = await other.ClientAsync();
        await client.FlowAsync(lab);
        await gateway.AuthorizedAsync();

        const string candidates = """["candidate:1 1 udp 2130706431 192.168.1.20 52625 typ host","any \"text\""]""";
        foreach (var (sent, received) in ((string, string)[])
            [("broadcast_ice_candidates", "ice_candidates"), ("broadcast_invalidated_ice_candidates", "invalidate_ice_candidates")])
        {
            await client.Socket.SendAsync(sent, $$"""{"gateway_ids":["{{Guid.NewGuid()}}","{{gateway.Id}}"],"candidates":{{candidates}}}""");
            await gateway.ExpectAsync(received);
            Same($$"""{"client_id":"{{client.Id}}","candidates":{{candidates}}}""", gateway.Last);
            await gateway.Socket.SendAsync(sent, $$"""{"client_ids":["{{client.Id}}","{{stranger.Id}}"],"candidates":{{candidates}}}""");
            await client.ExpectAsync(received);
            Same($$"""{"gateway_id":"{{gateway.Id}}","candidates":{{candidates}}}""", client.Last);
        }

        await stranger.ReceivesAsync();
    }

    [Fact]
    public async Task A_gateway_that_connects_again_is_told_its_unexpired_authorizations_each_pair_once_with_the_latest_end()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var wiki = await scene.OpenResourceAsync("Wiki");
        var token = await scene.GatewayTokenAsync();
        await scene.GatewayAsync(token: token);
        var client = await scene.ClientAsync();
        await client.FlowAsync(lab);
        await client.FlowAsync(lab);
        await client.FlowAsync(wiki);
        await scene.SqlAsync($"update policy_authorizations set expires_at = now() - interval '1 second' where resource_id = {wiki}");

        var again = await scene.GatewayAsync(token: token);
        Assert.Equal(["laptop Lab"], again.Authorizations);
        Assert.Equal(scene.AdaExpiresAt.ToUnixTimeSeconds(), again.Init["authorizations"]![0]!["expires_at"]!.GetValue<long>());
    }

    private static async Task<string> RepliedAsync(SceneGateway gateway)
    {
        await gateway.ExpectAsync("phx_reply");
        return $"{gateway.Last["status"]} {gateway.Last["response"]!.ToJsonString()}";
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString()}");
}
