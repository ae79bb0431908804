using System.Buffers;
using System.Net.WebSockets;
using CsCheck;
using Firezone.Gateway.WebSockets.Framing;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Framing;

public sealed class FrameHeaderTests
{
    private static readonly Gen<int> Lengths = Gen.OneOf(Gen.Int[0, 130], Gen.Int[65_530, 65_540], Gen.Int[0, 200_000]);

    [Fact]
    public void A_clients_header_is_read_however_it_is_cut() =>
        Gen.Select(Lengths, Gen.Bool, Gen.Int[0, 14], Gen.UInt).Sample((length, fin, cut, _) =>
        {
            var frame = RawPeer.Frame(RawFrame.TextOpcode, new byte[length], fin);
            Assert.Equal(HeaderResult.Complete, FrameHeader.TryRead(Cut(frame, Math.Min(cut, frame.Length)), out var header));
            Assert.Equal((FrameOpcode.Text, fin, (long)length), (header.Opcode, header.IsFinal, header.PayloadLength));
            Assert.Equal(frame.Length - length, header.Size);
            Assert.Equal(0x04030201u, header.MaskingKey);
            for (var i = 0; i < header.Size; i++)
                Assert.Equal(HeaderResult.Incomplete, FrameHeader.TryRead(new ReadOnlySequence<byte>(frame, 0, i), out var _));
        });

    [Theory]
    [InlineData(0xC1, 0x80)] // reserved bits
    [InlineData(0xA1, 0x80)]
    [InlineData(0x91, 0x80)]
    [InlineData(0x83, 0x80)] // reserved opcodes
    [InlineData(0x87, 0x80)]
    [InlineData(0x8B, 0x80)]
    [InlineData(0x8F, 0x80)]
    [InlineData(0x81, 0x00)] // not masked
    [InlineData(0x08, 0x80)] // fragmented control frames
    [InlineData(0x09, 0x80)]
    [InlineData(0x89, 0xFE)] // long ones
    [InlineData(0x88, 0xFF)]
    public void What_the_standard_forbids_is_seen_in_the_first_two_bytes(byte first, byte second) =>
        Assert.Equal(HeaderResult.Invalid, FrameHeader.TryRead(new ReadOnlySequence<byte>([first, second]), out _));

    [Theory]
    [InlineData(new byte[] { 0x81, 0xFE, 0, 125 })]
    [InlineData(new byte[] { 0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x81, 0xFF, 0x80, 0, 0, 0, 0, 1, 0, 0 })]
    public void A_length_has_its_shortest_form_and_no_sign(byte[] bytes) =>
        Assert.Equal(HeaderResult.Invalid, FrameHeader.TryRead(new ReadOnlySequence<byte>(bytes), out _));

    [Fact]
    public async Task Another_implementation_reads_what_is_written() =>
        await Lengths.SampleAsync(
            async length =>
            {
                var frame = new byte[FrameHeader.MaxWritten + length];
                var size = FrameHeader.Write(frame, FrameOpcode.Binary, length);
                using var client = WebSocket.CreateFromStream(
                    new MemoryStream(frame, 0, size + length), new WebSocketCreationOptions { IsServer = false });
                var received = await client.ReceiveAsync(new byte[length + 1].AsMemory(), CancellationToken.None);
                Assert.Equal((length, WebSocketMessageType.Binary, true), (received.Count, received.MessageType, received.EndOfMessage));
            },
            iter: 200);

    [Fact]
    public void Unmasking_is_what_the_standard_says() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.UInt, Gen.Int[0, 100]).Sample((bytes, key, cut) =>
        {
            var expected = bytes.Select((b, i) => (byte)(b ^ BitConverter.GetBytes(key)[i % 4])).ToArray();
            var actual = new byte[bytes.Length];
            FrameMask.CopyUnmasked(Cut(bytes, Math.Min(cut, bytes.Length)), actual, key);
            Assert.Equal(expected, actual);
        });

    [Theory]
    [InlineData(new byte[0], true, 1000)]
    [InlineData(new byte[] { 0x03, 0xE8 }, true, 1000)]
    [InlineData(new byte[] { 0x03, 0xF4 }, true, 1012)]
    [InlineData(new byte[] { 0x0B, 0xB8, 0x62, 0x79, 0x65 }, true, 3000)]
    [InlineData(new byte[] { 0x13, 0x87 }, true, 4999)]
    [InlineData(new byte[] { 0x03 }, false, 1002)]
    [InlineData(new byte[] { 0x03, 0xE7 }, false, 1002)] // 999
    [InlineData(new byte[] { 0x03, 0xEC }, false, 1002)] // 1004
    [InlineData(new byte[] { 0x03, 0xED }, false, 1002)] // 1005
    [InlineData(new byte[] { 0x03, 0xEE }, false, 1002)] // 1006
    [InlineData(new byte[] { 0x03, 0xF7 }, false, 1002)] // 1015
    [InlineData(new byte[] { 0x0B, 0xB7 }, false, 1002)] // 2999
    [InlineData(new byte[] { 0x13, 0x88 }, false, 1002)] // 5000
    [InlineData(new byte[] { 0x03, 0xE8, 0xCE }, false, 1007)]
    public void A_close_frame_names_a_code_that_may_be_sent_and_a_reason_in_utf8(byte[] payload, bool valid, int code)
    {
        Assert.Equal(valid, ClosePayload.TryRead(payload, out var read));
        Assert.Equal(code, (int)read);
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int at)
    {
        var last = new Segment(bytes.AsMemory(at));
        return new ReadOnlySequence<byte>(new Segment(bytes.AsMemory(0, at), last), 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? next = null)
        {
            Memory = memory;
            Next = next;
            if (next is not null)
                next.RunningIndex = memory.Length;
        }
    }
}
