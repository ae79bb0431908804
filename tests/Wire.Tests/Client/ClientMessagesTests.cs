using System.Text;
using Firezone.Wire.Client;
using Firezone.Wire.Errors;
using Firezone.Wire.Frames;
using Firezone.Wire.Ice;
using Firezone.Wire.Relay;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Client;

public sealed class ClientMessagesTests
{
    private static readonly InterfaceConfig Custom = new(
        "100.64.0.7", "fd00:2021:1111::7", "corp.example.com", DnsMode.Custom, ["1.1.1.1", "2606:4700:4700::1111"], null);

    [Fact]
    public void Init_lists_interface_resources_and_relays()
    {
        byte[][] resources = [ClientResource.Render(Sample.Wiki), ClientResource.Render(Sample.Lab), ClientResource.Render(Sample.Internet)];

        EqualPush(
            """
            {"topic":"client","event":"init","ref":null,"payload":{
              "interface":{
                "ipv4":"100.64.0.7","ipv6":"fd00:2021:1111::7",
                "search_domain":"corp.example.com",
                "upstream_do53":[{"ip":"1.1.1.1"},{"ip":"2606:4700:4700::1111"}],
                "upstream_doh":[],
                "upstream_dns":[{"protocol":"ip_port","address":"1.1.1.1:53"},{"protocol":"ip_port","address":"[2606:4700:4700::1111]:53"}]},
              "resources":[
                {"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","type":"dns","name":"Wiki","address":"**.wiki.example.com",
                 "address_description":"https://wiki.example.com","ip_stack":"dual",
                 "gateway_groups":[{"id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0001","name":"Frankfurt"}],
                 "filters":[{"protocol":"tcp","port_range_start":443,"port_range_end":443},
                            {"protocol":"udp","port_range_start":100,"port_range_end":200},{"protocol":"icmp"}]},
                {"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"Lab","address":"10.20.0.0/16",
                 "address_description":null,
                 "gateway_groups":[{"id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0001","name":"Frankfurt"}],"filters":[]},
                {"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0003","type":"internet","can_be_disabled":true,
                 "gateway_groups":[{"id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0009","name":"Internet"}]}],
              "relays":[
                {"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"turn","addr":"198.51.100.10:3478",
                 "username":"1767225600:xXzDtV05+ab3cvUI44IeCigIIjUsDQ8NJZ+6Y7dNqaA",
                 "password":"+e8KXeD1ZIPmnVqotRHLeeJHhEzlIia9GlAFQ0kdFj0","expires_at":1767225600},
                {"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"turn","addr":"[2001:db8::10]:3478",
                 "username":"1767225600:xXzDtV05+ab3cvUI44IeCigIIjUsDQ8NJZ+6Y7dNqaA",
                 "password":"+e8KXeD1ZIPmnVqotRHLeeJHhEzlIia9GlAFQ0kdFj0","expires_at":1767225600}]}}
            """,
            Topics.Client,
            Events.Init,
            ClientMessages.Init(Custom, resources, Sample.Relays));
    }

    [Fact]
    public void Init_without_resources_and_relays_has_empty_lists() => Equal(
        """
        {"interface":{"ipv4":"100.64.0.7","ipv6":"fd00:2021:1111::7","search_domain":null,"upstream_do53":[],"upstream_doh":[],"upstream_dns":[]},
         "resources":[],"relays":[]}
        """,
        ClientMessages.Init(Custom with { Dns = DnsMode.System, SearchDomain = null }, default, []));

    [Fact]
    public void Base64_is_printed_without_escapes() =>
        Assert.Contains(Sample.RelayPassword, Encoding.UTF8.GetString(ClientMessages.Init(Custom, default, Sample.Relays)), StringComparison.Ordinal);

    [Fact]
    public void Config_changed_carries_the_interface() => EqualPush(
        """{"topic":"client","event":"config_changed","ref":null,"payload":{"interface":{"ipv4":"100.64.0.7","ipv6":"fd00:2021:1111::7","search_domain":null,"upstream_do53":[],"upstream_doh":[{"url":"https://dns.quad9.net/dns-query"}],"upstream_dns":[]}}}""",
        Topics.Client,
        Events.ConfigChanged,
        ClientMessages.ConfigChanged(Custom with { SearchDomain = null, Dns = DnsMode.Secure, Doh = DohProvider.Quad9 }));

    [Theory]
    [InlineData(DohProvider.Google, "https://dns.google/dns-query")]
    [InlineData(DohProvider.Quad9, "https://dns.quad9.net/dns-query")]
    [InlineData(DohProvider.Cloudflare, "https://cloudflare-dns.com/dns-query")]
    [InlineData(DohProvider.OpenDns, "https://doh.opendns.com/dns-query")]
    public void Secure_dns_sends_one_url_even_if_addresses_are_stored(DohProvider provider, string url) => Equal(
        $$$"""{"interface":{"ipv4":"100.64.0.7","ipv6":"fd00:2021:1111::7","search_domain":"corp.example.com","upstream_do53":[],"upstream_doh":[{"url":"{{{url}}}"}],"upstream_dns":[]}}""",
        ClientMessages.ConfigChanged(Custom with { Dns = DnsMode.Secure, Doh = provider }));

    [Theory]
    [InlineData(DnsMode.System, true)]
    [InlineData(DnsMode.Custom, false)]
    [InlineData(DnsMode.Secure, true)]
    public void Without_resolvers_of_its_own_an_account_sends_none(DnsMode mode, bool hasAddresses) => Equal(
        """{"interface":{"ipv4":"100.64.0.7","ipv6":"fd00:2021:1111::7","search_domain":"corp.example.com","upstream_do53":[],"upstream_doh":[],"upstream_dns":[]}}""",
        ClientMessages.ConfigChanged(Custom with { Dns = mode, DnsAddresses = hasAddresses ? Custom.DnsAddresses : [] }));

    [Fact]
    public void A_changed_resource_is_pushed_as_in_init() => EqualPush(
        """{"topic":"client","event":"resource_created_or_updated","ref":null,"payload":{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002","type":"cidr","name":"Lab (new name)","address":"10.20.0.0/16","address_description":null,"gateway_groups":[{"id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0001","name":"Frankfurt"}],"filters":[]}}""",
        Topics.Client,
        Events.ResourceCreatedOrUpdated,
        ClientResource.Render(Sample.Lab with { Name = "Lab (new name)" }));

    [Fact]
    public void A_deleted_resource_is_a_bare_string() => EqualPush(
        """{"topic":"client","event":"resource_deleted","ref":null,"payload":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002"}""",
        Topics.Client,
        Events.ResourceDeleted,
        ClientMessages.ResourceDeleted(Sample.LabId));

    [Fact]
    public void Relays_presence_has_both_lists() => EqualPush(
        """{"topic":"client","event":"relays_presence","ref":null,"payload":{"disconnected_ids":["794258bf-b89b-4084-917e-44c666791a3d"],"connected":[{"id":"5f1d6f5e-0a55-4d26-8f7e-9f3a2a11c0de","type":"turn","addr":"203.0.113.9:3478","username":"1767225600:…","password":"…","expires_at":1767225600}]}}""",
        Topics.Client,
        Events.RelaysPresence,
        RelayMessages.Presence(
            [Sample.RelayId],
            [new RelayEntry(new Guid("5f1d6f5e-0a55-4d26-8f7e-9f3a2a11c0de"), "203.0.113.9:3478", "1767225600:…", "…", 1767225600)]));

    [Fact]
    public void Ice_candidates_name_the_gateway()
    {
        EqualPush(
            """{"topic":"client","event":"ice_candidates","ref":null,"payload":{"gateway_id":"22222222-2222-4222-8222-222222222222","candidates":["candidate:7031633958891736544 1 udp 50331391 198.51.100.10 53909 typ relay"]}}""",
            Topics.Client,
            Events.IceCandidates,
            IceMessages.ToClient(Sample.GatewayId, ["candidate:7031633958891736544 1 udp 50331391 198.51.100.10 53909 typ relay"]));
        EqualPush(
            """{"topic":"client","event":"invalidate_ice_candidates","ref":null,"payload":{"gateway_id":"22222222-2222-4222-8222-222222222222","candidates":["candidate:7854631899965427361 1 udp 1694498559 192.0.2.4 47717 typ srflx"]}}""",
            Topics.Client,
            Events.InvalidateIceCandidates,
            IceMessages.ToClient(Sample.GatewayId, ["candidate:7854631899965427361 1 udp 1694498559 192.0.2.4 47717 typ srflx"]));
    }

    [Fact]
    public void Flow_created_has_every_member() => EqualPush(
        """
        {"topic":"client","event":"flow_created","ref":null,"payload":{
          "resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001",
          "gateway_group_id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0001",
          "gateway_id":"22222222-2222-4222-8222-222222222222",
          "gateway_public_key":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
          "gateway_ipv4":"100.64.0.1","gateway_ipv6":"fd00:2021:1111::1",
          "preshared_key":"thsZ6mikkarENRUpdNoBNYXk746FK6e5mO9ruCJmvP8=",
          "client_ice_credentials":{"username":"eokn","password":"5enp7ct6775ebzonvunxjy"},
          "gateway_ice_credentials":{"username":"6m26","password":"gj5f2zjrxg6cwvtrtqgfva"}}}
        """,
        Topics.Client,
        Events.FlowCreated,
        ClientMessages.FlowCreated(new FlowCreated(
            Sample.WikiId,
            Sample.SiteId,
            Sample.GatewayId,
            Sample.GatewayKey,
            "100.64.0.1",
            "fd00:2021:1111::1",
            Sample.PresharedKey,
            Sample.Ice)));

    [Fact]
    public void Flow_creation_failed_names_violated_properties_only_if_there_are_any()
    {
        EqualPush(
            """{"topic":"client","event":"flow_creation_failed","ref":null,"payload":{"resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","reason":"forbidden","violated_properties":["current_utc_datetime"]}}""",
            Topics.Client,
            Events.FlowCreationFailed,
            ClientMessages.FlowCreationFailed(Sample.WikiId, FlowFailureReasons.Forbidden, ["current_utc_datetime"]));
        Equal(
            """{"resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","reason":"version_mismatch"}""",
            ClientMessages.FlowCreationFailed(Sample.WikiId, FlowFailureReasons.VersionMismatch, []));
        Equal(
            """{"resource_id":"no \"uuid\"","reason":"not_found"}""",
            ClientMessages.FlowCreationFailed("no \"uuid\"", FlowFailureReasons.NotFound));
    }

    [Fact]
    public void Deprecated_requests_get_their_replies()
    {
        EqualReply(
            """{"topic":"client","event":"phx_reply","ref":9,"payload":{"status":"ok","response":{"resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","site_id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0001","gateway_id":"22222222-2222-4222-8222-222222222222","gateway_remote_ip":"203.0.113.50"}}}""",
            "9",
            Topics.Client,
            true,
            ClientMessages.PreparedConnection(Sample.WikiId, Sample.SiteId, Sample.GatewayId, "203.0.113.50"));
        EqualReply(
            """{"topic":"client","event":"phx_reply","ref":9,"payload":{"status":"error","response":{"reason":"offline"}}}""",
            "9",
            Topics.Client,
            false,
            ErrorResponses.Reason(FlowFailureReasons.Offline).Span);
        EqualReply(
            """{"topic":"client","event":"phx_reply","ref":11,"payload":{"status":"ok","response":{"resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","persistent_keepalive":25,"gateway_public_key":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=","gateway_payload":"<opaque from gateway>"}}}""",
            "11",
            Topics.Client,
            true,
            ClientMessages.ConnectionReady(Sample.WikiId, Sample.GatewayKey, "\"<opaque from gateway>\""u8));
    }

    [Fact]
    public void Records_with_keys_do_not_print_them()
    {
        var flow = new FlowCreated(Sample.WikiId, Sample.SiteId, Sample.GatewayId, "k", "4", "6", Sample.PresharedKey, Sample.Ice);

        Assert.DoesNotContain(Sample.PresharedKey, flow.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Sample.Ice.ClientPassword, Sample.Ice.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Sample.RelayPassword, Sample.Relays[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Sample.PresharedKey, Sample.FlowClient.ToString(), StringComparison.Ordinal);
    }
}
