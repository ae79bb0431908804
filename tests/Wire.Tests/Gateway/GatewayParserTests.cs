using Firezone.Wire.Gateway;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Gateway;

public sealed class GatewayParserTests
{
    [Fact]
    public void Flow_authorized_carries_the_ref()
    {
        Assert.True(FlowAuthorized.TryParse(Utf8("""{"ref":"a\"b"}"""), out var msg));
        Assert.Equal("a\"b", msg.Ref);

        Assert.True(FlowAuthorized.TryParse(GatewayMessages.FlowAuthorized("x+/="), out msg));
        Assert.Equal("x+/=", msg.Ref);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"ref":7}""")]
    [InlineData("""{"ref":null}""")]
    [InlineData("""{"ref":{"ref":"x"}}""")]
    public void Flow_authorized_without_a_ref_is_unknown(string payload) => Assert.False(FlowAuthorized.TryParse(Utf8(payload), out _));

    [Fact]
    public void A_ref_is_bounded()
    {
        Assert.True(FlowAuthorized.TryParse(Utf8($$"""{"ref":"{{new string('r', 2048)}}"}"""), out _));
        Assert.False(FlowAuthorized.TryParse(Utf8($$"""{"ref":"{{new string('r', 2049)}}"}"""), out _));
        Assert.False(ConnectionReady.TryParse(Utf8($$"""{"ref":"{{new string('r', 2049)}}","gateway_payload":1}"""), out _));
    }

    [Fact]
    public void Connection_ready_keeps_the_payload_verbatim()
    {
        Assert.True(ConnectionReady.TryParse(Utf8("""{"gateway_payload":{"x" : [ ]},"ref":"r"}"""), out var msg));
        Assert.Equal(("r", """{"x" : [ ]}"""), (msg.Ref, Text(msg.GatewayPayload)));

        Assert.False(ConnectionReady.TryParse(Utf8("""{"ref":"r"}"""), out _));
        Assert.False(ConnectionReady.TryParse(Utf8("""{"gateway_payload":1}"""), out _));
    }
}
