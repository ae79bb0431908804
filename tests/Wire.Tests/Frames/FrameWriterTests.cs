using System.Buffers;
using System.Text;
using Firezone.Wire.Errors;
using Firezone.Wire.Frames;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Frames;

public sealed class FrameWriterTests
{
    [Fact]
    public void A_join_is_acknowledged_with_exactly_an_empty_object()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteReply(output, FrameVersion.V1, default, "0"u8, Topics.Client, ok: true, ErrorResponses.Empty.Span);

        Assert.Equal(
            """{"topic":"client","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":0}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void An_empty_response_is_an_empty_object() => EqualReply(
        """{"topic":"phoenix","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":12}""", "12", Topics.Phoenix, true, default);

    [Fact]
    public void An_unknown_message_is_answered_with_its_ref() => EqualReply(
        """{"topic":"client","event":"phx_reply","ref":12,"payload":{"status":"error","response":{"reason":"unknown_message"}}}""",
        "12",
        Topics.Client,
        false,
        ErrorResponses.UnknownMessage.Span);

    [Fact]
    public void Control_pushes_have_no_ref()
    {
        EqualPush("""{"topic":"client","event":"phx_close","ref":null,"payload":{}}""", Topics.Client, Events.Close, []);
        EqualPush("""{"topic":"relay","event":"init","payload":{},"ref":null}""", Topics.Relay, Events.Init, Wire.Relay.RelayMessages.Init());
        EqualPush(
            """{"topic":"client","event":"disconnect","ref":null,"payload":{"reason":"token_expired"}}""",
            Topics.Client,
            Events.Disconnect,
            Disconnect.TokenExpired.ToArray());
    }

    [Fact]
    public void A_native_join_has_a_null_payload()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteRequest(output, FrameVersion.V1, default, "0"u8, Topics.Client, Events.Join, default);

        Equal("""{"topic":"client","event":"phx_join","payload":null,"ref":0}""", output.WrittenSpan);
    }

    [Fact]
    public void Version_2_frames_are_arrays_with_the_join_ref()
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteReply(output, FrameVersion.V2, "\"3\""u8, "\"4\""u8, Topics.Client, ok: false, ErrorResponses.UnmatchedTopic.Span);
        Equal("""["3","4","client","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]""", output.WrittenSpan);

        output = new ArrayBufferWriter<byte>();
        FrameWriter.WritePush(output, FrameVersion.V2, "\"3\""u8, Topics.Client, Events.Init, "[1]"u8);
        Equal("""["3",null,"client","init",[1]]""", output.WrittenSpan);

        output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteRequest(output, FrameVersion.V2, default, "5"u8, Topics.Phoenix, Events.Heartbeat, "{}"u8);
        Equal("""[null,5,"phoenix","heartbeat",{}]""", output.WrittenSpan);
    }

    [Fact]
    public void A_topic_that_a_peer_chose_cannot_break_out_of_its_string()
    {
        var output = new ArrayBufferWriter<byte>();
        const string topic = "a\",\"b\":\"\\\n\u0000é漢😀";
        FrameWriter.WriteReply(output, FrameVersion.V1, default, "1"u8, topic, ok: true, default);

        Assert.Equal(FrameError.None, FrameReader.TryRead(output.WrittenMemory, FrameVersion.V1, FrameLimits.Default, out var frame));
        Assert.Equal(topic, frame.Topic);
        Assert.Equal("1", Text(frame.Ref));
    }
}
