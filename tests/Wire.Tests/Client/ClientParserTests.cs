using Firezone.Wire.Client;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Client;

public sealed class ClientParserTests
{
    private const string Wiki = "0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001";
    private const string Peer = "22222222-2222-4222-8222-222222222222";

    [Fact]
    public void Create_flow_is_read()
    {
        Assert.True(CreateFlow.TryParse(Utf8($$$"""{"resource_id":"{{{Wiki}}}","connected_gateway_ids":["{{{Peer}}}","x",7,null,{"a":[]}],"new":{}}"""), out var msg));

        Assert.Equal(Sample.WikiId, msg.ResourceId);
        Assert.Equal(Wiki, msg.ResourceIdText);
        Assert.Equal([Sample.GatewayId], msg.ConnectedGatewayIds);
    }

    [Fact]
    public void A_resource_id_that_is_no_uuid_is_kept_as_text()
    {
        Assert.True(CreateFlow.TryParse(Utf8("""{"resource_id":"nonsense","connected_gateway_ids":[]}"""), out var msg));

        Assert.Null(msg.ResourceId);
        Assert.Equal("nonsense", msg.ResourceIdText);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001"}""")]
    [InlineData("""{"connected_gateway_ids":[]}""")]
    [InlineData("""{"resource_id":1,"connected_gateway_ids":[]}""")]
    [InlineData("""{"resource_id":"x","connected_gateway_ids":{}}""")]
    [InlineData("""{"resource_id":"x","connected_gateway_ids":null}""")]
    [InlineData("""{"resource_id":"\ud800","connected_gateway_ids":[]}""")]
    public void Create_flow_without_both_members_is_unknown(string payload) => Assert.False(CreateFlow.TryParse(Utf8(payload), out _));

    [Fact]
    public void Create_flow_is_bounded()
    {
        var ids = string.Join(',', Enumerable.Repeat($"\"{Peer}\"", 1000));

        Assert.True(CreateFlow.TryParse(Utf8($$"""{"connected_gateway_ids":[{{ids}}],"resource_id":"{{Wiki}}"}"""), out var msg));
        Assert.Equal(256, msg.ConnectedGatewayIds.Length);
        Assert.Equal(Sample.WikiId, msg.ResourceId);
        Assert.False(CreateFlow.TryParse(Utf8($$"""{"resource_id":"{{new string('a', 257)}}","connected_gateway_ids":[]}"""), out _));
    }

    [Theory]
    [InlineData("gateway_ids")]
    [InlineData("client_ids")]
    public void Ice_candidates_are_read(string ids)
    {
        Assert.True(IceCandidates.TryParse(Utf8($$"""{"{{ids}}":["{{Peer}}","nobody"],"candidates":["a b","\u00e9"]}"""), out var msg));

        Assert.Equal([Sample.GatewayId], msg.PeerIds);
        Assert.Equal(["a b", "é"], msg.Candidates);
    }

    [Theory]
    [InlineData("""{"gateway_ids":[]}""")]
    [InlineData("""{"candidates":[]}""")]
    [InlineData("""{"gateway_ids":"x","candidates":[]}""")]
    [InlineData("""{"gateway_ids":[],"candidates":[1]}""")]
    [InlineData("""{"gateway_ids":[],"candidates":null}""")]
    public void Unfit_ice_candidates_are_unknown(string payload) => Assert.False(IceCandidates.TryParse(Utf8(payload), out _));

    [Fact]
    public void Ice_candidates_are_bounded()
    {
        Assert.True(Parse(256, 256, 2048));
        Assert.False(Parse(257, 1, 1));
        Assert.False(Parse(1, 257, 1));
        Assert.False(Parse(1, 1, 2049));

        static bool Parse(int ids, int candidates, int length)
        {
            var idList = string.Join(',', Enumerable.Repeat($"\"{Peer}\"", ids));
            var candidateList = string.Join(',', Enumerable.Repeat($"\"{new string('c', length)}\"", candidates));
            return IceCandidates.TryParse(Utf8($$"""{"gateway_ids":[{{idList}}],"candidates":[{{candidateList}}]}"""), out _);
        }
    }

    [Fact]
    public void Prepare_connection_needs_no_connected_gateways()
    {
        Assert.True(PrepareConnection.TryParse(Utf8($$"""{"resource_id":"{{Wiki}}","connected_gateway_ids":["{{Peer}}"]}"""), out var msg));
        Assert.Equal(Sample.WikiId, msg.ResourceId);
        Assert.Equal([Sample.GatewayId], msg.ConnectedGatewayIds);

        Assert.True(PrepareConnection.TryParse(Utf8("""{"resource_id":"x"}"""), out msg));
        Assert.Null(msg.ResourceId);
        Assert.Empty(msg.ConnectedGatewayIds);

        Assert.False(PrepareConnection.TryParse(Utf8("{}"), out _));
        Assert.False(PrepareConnection.TryParse(Utf8("""{"resource_id":null}"""), out _));
    }

    [Fact]
    public void Reuse_connection_keeps_the_payload_verbatim()
    {
        Assert.True(ReuseConnection.TryParse(Utf8($$"""{"payload":{"a": [1]},"gateway_id":"{{Peer}}","resource_id":"{{Wiki}}"}"""), out var msg));
        Assert.Equal((Sample.GatewayId, Sample.WikiId, """{"a": [1]}"""), (msg.GatewayId, msg.ResourceId, Text(msg.Payload)));

        Assert.True(ReuseConnection.TryParse(Utf8($$"""{"payload":null,"gateway_id":"x","resource_id":"{{Wiki}}"}"""), out msg));
        Assert.Null(msg.GatewayId);
        Assert.Equal("null", Text(msg.Payload));

        Assert.False(ReuseConnection.TryParse(Utf8($$"""{"gateway_id":"{{Peer}}","resource_id":"{{Wiki}}"}"""), out _));
        Assert.False(ReuseConnection.TryParse(Utf8($$"""{"payload":1,"resource_id":"{{Wiki}}"}"""), out _));
        Assert.False(ReuseConnection.TryParse(Utf8($$"""{"payload":1,"gateway_id":"{{Peer}}"}"""), out _));
    }

    [Fact]
    public void Request_connection_needs_the_clients_key()
    {
        Assert.True(RequestConnection.TryParse(
            Utf8($$"""{"gateway_id":"{{Peer}}","resource_id":"{{Wiki}}","client_payload":"p","client_preshared_key":"secret"}"""), out var msg));
        Assert.Equal((Sample.GatewayId, Sample.WikiId, "\"p\"", "secret"), (msg.GatewayId, msg.ResourceId, Text(msg.ClientPayload), msg.PresharedKey));
        Assert.DoesNotContain("secret", msg.ToString(), StringComparison.Ordinal);

        Assert.False(RequestConnection.TryParse(Utf8($$"""{"gateway_id":"{{Peer}}","resource_id":"{{Wiki}}","client_payload":"p"}"""), out _));
        Assert.False(RequestConnection.TryParse(
            Utf8($$"""{"gateway_id":"{{Peer}}","resource_id":"{{Wiki}}","client_payload":"p","client_preshared_key":"{{new string('k', 257)}}"}"""), out _));
    }

    [Fact]
    public void What_a_device_writes_is_read()
    {
        Assert.True(CreateFlow.TryParse(ClientMessages.CreateFlow(Sample.WikiId, [Sample.GatewayId]), out var flow));
        Assert.Equal((Sample.WikiId, Sample.GatewayId), (flow.ResourceId, flow.ConnectedGatewayIds.Single()));

        Assert.True(IceCandidates.TryParse(Wire.Ice.IceMessages.FromClient([Sample.GatewayId], ["c"]), out var ice));
        Assert.Equal((Sample.GatewayId, "c"), (ice.PeerIds.Single(), ice.Candidates.Single()));
    }
}
