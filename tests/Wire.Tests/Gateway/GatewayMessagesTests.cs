using Firezone.Wire.Errors;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Firezone.Wire.Ice;
using Firezone.Wire.Relay;
using Firezone.Wire.Resources;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Gateway;

public sealed class GatewayMessagesTests
{
    private static readonly ResourceView Wiki = Sample.Wiki with { Filters = [new ResourceFilter("tcp", ["443"])] };

    [Fact]
    public void Init_has_config_relays_and_authorizations() => EqualPush(
        """
        {"topic":"gateway","event":"init","ref":null,"payload":{
          "account_slug":"acme",
          "interface":{"ipv4":"100.64.0.1","ipv6":"fd00:2021:1111::1"},
          "config":{"ipv4_masquerade_enabled":true,"ipv6_masquerade_enabled":true},
          "relays":[{"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"turn","addr":"198.51.100.10:3478","username":"2145916800:ZQH…","password":"ZWY…","expires_at":2145916800}],
          "authorizations":[{"client_id":"11111111-1111-4111-8111-111111111111","resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","expires_at":1767225600}]}}
        """,
        Topics.Gateway,
        Events.Init,
        GatewayMessages.Init(
            "acme",
            "100.64.0.1",
            "fd00:2021:1111::1",
            [new RelayEntry(Sample.RelayId, "198.51.100.10:3478", "2145916800:ZQH…", "ZWY…", 2145916800)],
            [new AuthorizationEntry(Sample.ClientId, Sample.WikiId, Sample.Expiry)]));

    [Fact]
    public void Authorize_flow_has_every_member() => EqualPush(
        """
        {"topic":"gateway","event":"authorize_flow","ref":null,"payload":{
          "ref":"<opaque string, echoed by the gateway>",
          "resource":{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","type":"dns","name":"Wiki","address":"**.wiki.example.com",
                      "filters":[{"protocol":"tcp","port_range_start":443,"port_range_end":443}]},
          "client":{"id":"11111111-1111-4111-8111-111111111111","public_key":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
                    "preshared_key":"thsZ6mikkarENRUpdNoBNYXk746FK6e5mO9ruCJmvP8=","ipv4":"100.64.0.7","ipv6":"fd00:2021:1111::7",
                    "version":"1.5.7","device_os_name":"Ubuntu","device_os_version":"24.4.0","device_serial":"C02X","device_uuid":null,
                    "identifier_for_vendor":null,"firebase_installation_id":null},
          "subject":{"auth_provider_id":null,"actor_id":"33333333-3333-4333-8333-333333333333","actor_email":"ada@example.com","actor_name":"Ada"},
          "client_ice_credentials":{"username":"eokn","password":"5enp7ct6775ebzonvunxjy"},
          "gateway_ice_credentials":{"username":"6m26","password":"gj5f2zjrxg6cwvtrtqgfva"},
          "expires_at":1767225600}}
        """,
        Topics.Gateway,
        Events.AuthorizeFlow,
        GatewayMessages.AuthorizeFlow(new AuthorizeFlow(
            "<opaque string, echoed by the gateway>",
            GatewayResource.Render(Wiki),
            Sample.FlowClient,
            Sample.Subject,
            Sample.Ice,
            Sample.Expiry)));

    [Fact]
    public void A_flow_without_expiry_still_has_the_member()
    {
        var payload = GatewayMessages.AuthorizeFlow(
            new AuthorizeFlow("r", GatewayResource.Render(Wiki), Sample.FlowClient, Sample.Subject, Sample.Ice, null));
        var node = System.Text.Json.Nodes.JsonNode.Parse(payload)!.AsObject();

        Assert.True(node.TryGetPropertyValue("expires_at", out var value));
        Assert.Null(value);
    }

    [Fact]
    public void Small_pushes_have_their_members()
    {
        EqualPush(
            """{"topic":"gateway","event":"reject_access","ref":null,"payload":{"client_id":"11111111-1111-4111-8111-111111111111","resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001"}}""",
            Topics.Gateway,
            Events.RejectAccess,
            GatewayMessages.RejectAccess(Sample.ClientId, Sample.WikiId));
        EqualPush(
            """{"topic":"gateway","event":"access_authorization_expiry_updated","ref":null,"payload":{"client_id":"11111111-1111-4111-8111-111111111111","resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","expires_at":1767229200}}""",
            Topics.Gateway,
            Events.AccessAuthorizationExpiryUpdated,
            GatewayMessages.AccessAuthorizationExpiryUpdated(Sample.ClientId, Sample.WikiId, Sample.Expiry.AddHours(1).AddMilliseconds(999)));
        EqualPush(
            """{"topic":"gateway","event":"resource_updated","ref":null,"payload":{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","type":"dns","name":"Wiki","address":"**.wiki.example.com","filters":[{"protocol":"tcp","port_range_start":8443,"port_range_end":8443}]}}""",
            Topics.Gateway,
            Events.ResourceUpdated,
            GatewayResource.Render(Wiki with { Filters = [new ResourceFilter("tcp", ["8443"])] }));
        EqualPush(
            """{"topic":"gateway","event":"relays_presence","ref":null,"payload":{"disconnected_ids":["794258bf-b89b-4084-917e-44c666791a3d"],"connected":[]}}""",
            Topics.Gateway,
            Events.RelaysPresence,
            RelayMessages.Presence([Sample.RelayId], []));
    }

    [Theory]
    [InlineData("ice_candidates")]
    [InlineData("invalidate_ice_candidates")]
    public void Ice_candidates_name_the_client(string eventName) => EqualPush(
        $$$"""{"topic":"gateway","event":"{{{eventName}}}","ref":null,"payload":{"client_id":"11111111-1111-4111-8111-111111111111","candidates":["candidate:1 1 udp 2130706431 192.168.1.20 52625 typ host"]}}""",
        Topics.Gateway,
        eventName,
        IceMessages.ToGateway(Sample.ClientId, ["candidate:1 1 udp 2130706431 192.168.1.20 52625 typ host"]));

    [Fact]
    public void Answers_to_the_gateway_have_its_ref()
    {
        EqualReply(
            """{"topic":"gateway","event":"phx_reply","ref":6,"payload":{"status":"ok","response":{}}}""", "6", Topics.Gateway, true, default);
        EqualReply(
            """{"topic":"gateway","event":"phx_reply","ref":6,"payload":{"status":"error","response":{"reason":"invalid_ref"}}}""",
            "6",
            Topics.Gateway,
            false,
            ErrorResponses.InvalidRef.Span);
    }

    [Fact]
    public void Deprecated_pushes_have_their_members()
    {
        var resource = GatewayResource.Render(Wiki);
        var resourceText = Text(resource);

        EqualPush(
            $$$"""{"topic":"gateway","event":"allow_access","ref":null,"payload":{"ref":"r","client_id":"11111111-1111-4111-8111-111111111111","resource":{{{resourceText}}},"expires_at":1767225600,"payload":"<client payload>","client_ipv4":"100.64.0.7","client_ipv6":"fd00:2021:1111::7"}}""",
            Topics.Gateway,
            Events.AllowAccess,
            GatewayMessages.AllowAccess(new LegacyAllowAccess(
                "r", Sample.ClientId, resource, Sample.Expiry, Utf8("\"<client payload>\""), "100.64.0.7", "fd00:2021:1111::7")));
        EqualPush(
            $$$$"""{"topic":"gateway","event":"request_connection","ref":null,"payload":{"ref":"r","resource":{{{{resourceText}}}},"client":{"id":"11111111-1111-4111-8111-111111111111","payload":"<client payload>","peer":{"persistent_keepalive":25,"public_key":"k","preshared_key":"<from client>","ipv4":"100.64.0.7","ipv6":"fd00:2021:1111::7"}},"expires_at":1767225600}}""",
            Topics.Gateway,
            Events.RequestConnection,
            GatewayMessages.RequestConnection(new LegacyRequestConnection(
                "r",
                resource,
                Sample.ClientId,
                Utf8("\"<client payload>\""),
                "k",
                "<from client>",
                "100.64.0.7",
                "fd00:2021:1111::7",
                Sample.Expiry)));
    }
}
