using System.Buffers;
using CsCheck;
using Firezone.Wire.Frames;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Frames;

public sealed class FrameRoundTripTests
{
    [Theory]
    [InlineData(FrameVersion.V1)]
    [InlineData(FrameVersion.V2)]
    public void A_request_is_read_as_it_was_written(FrameVersion version) =>
        Gen.Select(FrameGen.Ref, FrameGen.Ref, FrameGen.Name, FrameGen.Name, FrameGen.Value)
            .Sample((joinRef, reference, topic, eventName, payload) =>
            {
                var output = new ArrayBufferWriter<byte>();
                FrameWriter.WriteRequest(output, version, Utf8(joinRef), Utf8(reference), topic, eventName, Utf8(payload));
                var frame = Read(output, version);

                Assert.Equal((topic, eventName), (frame.Topic, frame.Event));
                Assert.Equal(reference, Text(frame.Ref));
                Assert.Equal(payload, Text(frame.Payload));
                Assert.Equal(version == FrameVersion.V2 ? joinRef : "", Text(frame.JoinRef));
            });

    [Theory]
    [InlineData(FrameVersion.V1)]
    [InlineData(FrameVersion.V2)]
    public void A_push_is_read_as_it_was_written(FrameVersion version) =>
        Gen.Select(FrameGen.Ref, FrameGen.Name, FrameGen.Name, FrameGen.Value).Sample((joinRef, topic, eventName, payload) =>
        {
            var output = new ArrayBufferWriter<byte>();
            FrameWriter.WritePush(output, version, Utf8(joinRef), topic, eventName, Utf8(payload));
            var frame = Read(output, version);

            Assert.Equal((topic, eventName), (frame.Topic, frame.Event));
            Assert.True(frame.Ref.IsEmpty);
            Assert.Equal(payload, Text(frame.Payload));
        });

    [Theory]
    [InlineData(FrameVersion.V1)]
    [InlineData(FrameVersion.V2)]
    public void A_reply_carries_ref_status_and_response(FrameVersion version) =>
        Gen.Select(FrameGen.Ref, FrameGen.Name, Gen.Bool, FrameGen.Value).Sample((reference, topic, ok, response) =>
        {
            var output = new ArrayBufferWriter<byte>();
            FrameWriter.WriteReply(output, version, default, Utf8(reference), topic, ok, Utf8(response));
            var frame = Read(output, version);

            Assert.Equal(Events.Reply, frame.Event);
            Assert.Equal(reference, Text(frame.Ref));
            Assert.True(Wire.Edge.ChannelEvents.TryReadReply(frame.Payload, out var reply));
            Assert.Equal(ok, reply.Ok);
            Assert.Equal(response, Text(reply.Response));
        });

    private static PhoenixFrame Read(ArrayBufferWriter<byte> output, FrameVersion version)
    {
        Assert.Equal(FrameError.None, FrameReader.TryRead(output.WrittenMemory, version, FrameLimits.Default, out var frame));
        return frame;
    }
}
