using Firezone.Wire.Client;
using Firezone.Wire.Edge;
using Firezone.Wire.Errors;
using Firezone.Wire.Gateway;
using Firezone.Wire.Ice;
using Firezone.Wire.Relay;
using Firezone.Wire.Resources;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Edge;

/// <summary>What the portal side renders, the device side reads, as strictly as native devices do.</summary>
public sealed class EdgeReaderTests
{
    private static readonly InterfaceConfig Interface = new(
        "100.64.0.7", "fd00:2021:1111::7", "corp.example.com", DnsMode.Custom, ["1.1.1.1", "2606:4700:4700::1111"], null);

    [Fact]
    public void A_client_reads_its_init()
    {
        byte[][] resources = [ClientResource.Render(Sample.Wiki), ClientResource.Render(Sample.Lab), ClientResource.Render(Sample.Internet)];
        Assert.True(ClientEvents.TryReadInit(ClientMessages.Init(Interface, resources, Sample.Relays), out var init));

        Assert.Equal(("100.64.0.7", "fd00:2021:1111::7", "corp.example.com"), (init.Interface.Ipv4, init.Interface.Ipv6, init.Interface.SearchDomain));
        Assert.Equal(["1.1.1.1", "2606:4700:4700::1111"], init.Interface.UpstreamDo53);
        Assert.Equal(Sample.Relays, init.Relays);
        Assert.Equal([Sample.WikiId, Sample.LabId, Sample.InternetId], init.Resources.Select(r => r.Id));

        var wiki = init.Resources[0];
        Assert.Equal(("dns", "Wiki", "**.wiki.example.com", "dual"), (wiki.Type, wiki.Name, wiki.Address, wiki.IpStack));
        Assert.Equal([new ReceivedSite(Sample.SiteId, "Frankfurt")], wiki.Sites);
        Assert.Equal(
            [new ReceivedFilter("tcp", 443, 443), new ReceivedFilter("udp", 100, 200), new ReceivedFilter("icmp", 0, 65535)], wiki.Filters);
        Assert.Equal("internet", init.Resources[2].Type);
    }

    [Fact]
    public void A_client_skips_resources_that_it_does_not_understand()
    {
        const string good = """{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0003","type":"internet","sites":[{"id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0009","name":"I"}]}""";

        Assert.Single(Read($$"""[{"type":"dynamic_device_pool","devices":[]},{"type":"dns","id":"x"},{{good}}]""")!);
        Assert.Null(Read($$"""[{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0003"},{{good}}]"""));
        Assert.Null(Read("{}"));

        static IReadOnlyList<ReceivedResource>? Read(string resources) =>
            ClientEvents.TryReadInit(Utf8($$$"""{"interface":{"ipv4":"a","ipv6":"b"},"resources":{{{resources}}}}"""), out var init) ? init.Resources : null;
    }

    [Theory]
    [InlineData("""{"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"turn","addr":"relay.example.com:3478","username":"u","password":"p","expires_at":1}""", false)]
    [InlineData("""{"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"turn","addr":"198.51.100.10:3478","username":"u","password":"p"}""", false)]
    [InlineData("""{"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"turn","addr":"198.51.100.10:3478","password":"p","expires_at":1}""", false)]
    [InlineData("""{"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"quic","addr":"198.51.100.10:3478"}""", false)]
    [InlineData("""{"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"stun","addr":"198.51.100.10:3478"}""", true)]
    public void One_bad_relay_fails_the_whole_message(string relay, bool readable) => Assert.Equal(
        readable, ClientEvents.TryReadInit(Utf8($$$"""{"interface":{"ipv4":"a","ipv6":"b"},"relays":[{{{relay}}}]}"""), out _));

    [Fact]
    public void A_client_reads_changes()
    {
        Assert.True(ClientEvents.TryReadConfigChanged(
            ClientMessages.ConfigChanged(Interface with { Dns = DnsMode.Secure, Doh = DohProvider.Google, SearchDomain = null }), out var changed));
        Assert.Null(changed.SearchDomain);
        Assert.Equal(["https://dns.google/dns-query"], changed.UpstreamDoh);

        Assert.True(ClientEvents.TryReadResource(ClientResource.Render(Sample.Lab), out var resource));
        Assert.Equal(Sample.LabId, resource.Id);

        Assert.True(ClientEvents.TryReadResourceDeleted(ClientMessages.ResourceDeleted(Sample.LabId), out var deleted));
        Assert.Equal(Sample.LabId, deleted);
        Assert.False(ClientEvents.TryReadResourceDeleted(Utf8("{}"), out _));
        Assert.False(ClientEvents.TryReadResourceDeleted(Utf8("\""), out _));
        Assert.False(ClientEvents.TryReadResourceDeleted(Utf8("\"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001x\""), out _));
    }

    [Fact]
    public void A_client_reads_flow_answers()
    {
        var flow = new FlowCreated(
            Sample.WikiId, Sample.SiteId, Sample.GatewayId, Sample.GatewayKey, "100.64.0.1", "fd00:2021:1111::1", Sample.PresharedKey, Sample.Ice);
        Assert.True(ClientEvents.TryReadFlowCreated(ClientMessages.FlowCreated(flow), out var read));
        Assert.Equal(flow, read);

        Assert.True(ClientEvents.TryReadFlowCreationFailed(
            ClientMessages.FlowCreationFailed(Sample.WikiId, FlowFailureReasons.Forbidden, ["remote_ip"]), out var failure));
        Assert.Equal((Sample.WikiId, "forbidden"), (failure.ResourceId, failure.Reason));
        Assert.Equal(["remote_ip"], failure.ViolatedProperties);
        Assert.True(ClientEvents.TryReadFlowCreationFailed(ClientMessages.FlowCreationFailed(Sample.WikiId, "new_reason"), out failure));
        Assert.Empty(failure.ViolatedProperties);
    }

    [Theory]
    [InlineData("resource_id")]
    [InlineData("gateway_group_id")]
    [InlineData("gateway_id")]
    [InlineData("gateway_public_key")]
    [InlineData("gateway_ipv4")]
    [InlineData("gateway_ipv6")]
    [InlineData("preshared_key")]
    [InlineData("client_ice_credentials")]
    [InlineData("gateway_ice_credentials")]
    public void Flow_created_is_unreadable_without_any_one_member(string member)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(ClientMessages.FlowCreated(new FlowCreated(
            Sample.WikiId, Sample.SiteId, Sample.GatewayId, "k", "4", "6", "p", Sample.Ice)))!.AsObject();
        Assert.True(node.Remove(member));

        Assert.False(ClientEvents.TryReadFlowCreated(Utf8(node.ToJsonString()), out _));
    }

    [Fact]
    public void Both_aliases_of_a_member_are_a_duplicate()
    {
        var flow = System.Text.Json.Nodes.JsonNode.Parse(ClientMessages.FlowCreated(new FlowCreated(
            Sample.WikiId, Sample.SiteId, Sample.GatewayId, "k", "4", "6", "p", Sample.Ice)))!.AsObject();
        flow["site_id"] = Sample.SiteId.ToString();
        var resource = System.Text.Json.Nodes.JsonNode.Parse(ClientResource.Render(Sample.Lab))!.AsObject();
        resource["sites"] = resource["gateway_groups"]!.DeepClone();

        Assert.False(ClientEvents.TryReadFlowCreated(Utf8(flow.ToJsonString()), out _));
        Assert.False(ClientEvents.TryReadResource(Utf8(resource.ToJsonString()), out _));
    }

    [Fact]
    public void A_gateway_reads_its_init()
    {
        AuthorizationEntry[] authorizations = [new(Sample.ClientId, Sample.WikiId, Sample.Expiry)];
        Assert.True(GatewayEvents.TryReadInit(GatewayMessages.Init("acme", "100.64.0.1", "fd00::1", Sample.Relays, authorizations), out var init));

        Assert.Equal(("acme", "100.64.0.1", "fd00::1"), (init.AccountSlug, init.Interface.Ipv4, init.Interface.Ipv6));
        Assert.Equal(Sample.Relays, init.Relays);
        Assert.Equal(authorizations, init.Authorizations);
        Assert.False(GatewayEvents.TryReadInit(Utf8("""{"interface":{"ipv4":"a","ipv6":"b"}}"""), out _));
    }

    [Fact]
    public void A_gateway_reads_a_flow_with_its_resource()
    {
        var flow = new AuthorizeFlow("r+/=", GatewayResource.Render(Sample.Wiki), Sample.FlowClient, Sample.Subject, Sample.Ice, Sample.Expiry);
        Assert.True(GatewayEvents.TryReadAuthorizeFlow(GatewayMessages.AuthorizeFlow(flow), out var read));

        Assert.Equal((flow.Ref, flow.Client, flow.Subject, flow.Ice, flow.ExpiresAt), (read.Ref, read.Client, read.Subject, read.Ice, read.ExpiresAt));
        Assert.Equal(Text(flow.Resource), Text(read.Resource));
        Assert.True(GatewayEvents.TryReadResource(read.Resource, out var resource));
        Assert.Equal((Sample.WikiId, "dns", 3), (resource.Id, resource.Type, resource.Filters.Count));

        Assert.True(GatewayEvents.TryReadAuthorizeFlow(GatewayMessages.AuthorizeFlow(flow with { ExpiresAt = null }), out read));
        Assert.Null(read.ExpiresAt);
    }

    [Theory]
    [InlineData(ResourceType.Dns)]
    [InlineData(ResourceType.Cidr)]
    [InlineData(ResourceType.Ip)]
    [InlineData(ResourceType.Internet)]
    public void Gateways_and_clients_read_every_type(ResourceType type)
    {
        var view = Sample.Lab with { Type = type, Address = "192.0.2.1" };

        Assert.True(GatewayEvents.TryReadResource(GatewayResource.Render(view), out _));
        Assert.True(ClientEvents.TryReadResource(ClientResource.Render(view), out _));
    }

    [Theory]
    [InlineData("""{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"n","address":"10.0.0.0/8"}""")]
    [InlineData("""{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"ip","name":"n","address":"10.0.0.0","filters":[]}""")]
    [InlineData("""{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"n","address":"10.0.0.0/8","filters":[{"protocol":"sctp"}]}""")]
    public void A_gateway_refuses_what_it_does_not_understand(string resource) => Assert.False(GatewayEvents.TryReadResource(Utf8(resource), out _));

    [Fact]
    public void A_gateway_reads_changes()
    {
        Assert.True(GatewayEvents.TryReadRejectAccess(GatewayMessages.RejectAccess(Sample.ClientId, Sample.WikiId), out var access));
        Assert.Equal((Sample.ClientId, Sample.WikiId), access);

        Assert.True(GatewayEvents.TryReadExpiryUpdated(
            GatewayMessages.AccessAuthorizationExpiryUpdated(Sample.ClientId, Sample.WikiId, Sample.Expiry), out var entry));
        Assert.Equal(new AuthorizationEntry(Sample.ClientId, Sample.WikiId, Sample.Expiry), entry);
        Assert.False(GatewayEvents.TryReadExpiryUpdated(GatewayMessages.RejectAccess(Sample.ClientId, Sample.WikiId), out _));
    }

    [Fact]
    public void Devices_read_relays_and_candidates()
    {
        Assert.True(ChannelEvents.TryReadRelaysPresence(RelayMessages.Presence([Sample.ClientId], Sample.Relays), out var presence));
        Assert.Equal([Sample.ClientId], presence.DisconnectedIds);
        Assert.Equal(Sample.Relays, presence.Connected);
        Assert.False(ChannelEvents.TryReadRelaysPresence(Utf8("""{"connected":[]}"""), out _));

        Assert.True(ChannelEvents.TryReadIceCandidates(IceMessages.ToClient(Sample.GatewayId, ["a", "b"]), out var candidates));
        Assert.Equal(Sample.GatewayId, candidates.PeerId);
        Assert.Equal(["a", "b"], candidates.Candidates);
        Assert.True(ChannelEvents.TryReadIceCandidates(IceMessages.ToGateway(Sample.ClientId, []), out candidates));
        Assert.Equal(Sample.ClientId, candidates.PeerId);
    }

    [Theory]
    [InlineData("""{"status":"ok","response":{}}""", true)]
    [InlineData("""{"status":"ok","response":null}""", false)]
    [InlineData("""{"status":"ok","response":{"a":1}}""", false)]
    [InlineData("""{"status":"error","response":{}}""", false)]
    public void Only_an_empty_object_acknowledges_a_join(string payload, bool acknowledged)
    {
        Assert.True(ChannelEvents.TryReadReply(Utf8(payload), out var reply));
        Assert.Equal(acknowledged, reply.IsJoinAcknowledgement);
    }

    [Fact]
    public void Devices_read_reasons()
    {
        Assert.True(ChannelEvents.TryReadReply(Utf8("""{"status":"error","response":{"reason":"unmatched topic"}}"""), out var reply));
        Assert.Equal((false, "unmatched topic"), (reply.Ok, reply.Reason));
        Assert.True(ChannelEvents.TryReadReason(Disconnect.TokenExpired, out var reason));
        Assert.Equal("token_expired", reason);
        Assert.False(ChannelEvents.TryReadReply(Utf8("""{"status":"maybe","response":{}}"""), out _));
    }
}
