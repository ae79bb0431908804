using System.Buffers;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Shared.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.Gateway.WebSockets.Tests.Sessions;

public sealed class SocketReaderTests
{
    private const int Limit = 2000;

    private static readonly FrontEndMetrics Metrics = new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    private static readonly MessageRate Rate =
        new(PeerKind.Client, new MessageRateOptions { PerSecond = 1_000_000, Burst = 1_000_000 }, Metrics, TimeProvider.System);

    [Fact]
    public async Task Messages_arrive_whole_however_they_are_fragmented_and_cut()
    {
        var fragments = Gen.Select(Gen.String[Gen.Char['a', 'ž'], 0, 60], Gen.Bool).Array[1, 5];
        await Gen.Select(fragments.Array[1, 8], Gen.Int[1, 40]).SampleAsync(async (messages, step) =>
        {
            var bytes = new List<byte>();
            var pings = 0;
            foreach (var message in messages)
            {
                for (var i = 0; i < message.Length; i++)
                {
                    var (text, ping) = message[i];
                    if (ping)
                    {
                        bytes.AddRange(RawPeer.Frame(RawFrame.Ping, [(byte)pings++]));
                        bytes.AddRange(RawPeer.Frame(RawFrame.Pong, [1, 2]));
                    }

                    var opcode = i == 0 ? RawFrame.TextOpcode : RawFrame.Continuation;
                    bytes.AddRange(RawPeer.Frame(opcode, Encoding.UTF8.GetBytes(text), fin: i == message.Length - 1));
                }
            }

            bytes.AddRange(RawPeer.Frame(RawFrame.CloseOpcode, [0x0F, 0xA0]));
            var (received, last) = await ReadAllAsync([.. bytes], step);
            Assert.Equal(messages.Select(m => string.Concat(m.Select(f => f.Item1))), received);
            Assert.Equal((ReceivedKind.Close, 4000), (last.Kind, (int)last.Code));
        });
    }

    [Fact]
    public async Task Whatever_comes_it_ends_with_a_verdict() =>
        await Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 300]).SampleAsync(async (bytes, step) =>
        {
            var (_, last) = await ReadAllAsync(bytes, step);
            Assert.NotEqual(ReceivedKind.Text, last.Kind);
            if (last.Kind == ReceivedKind.Unacceptable)
                Assert.Contains((int)last.Code, (int[])[1002, 1003, 1007, 1009]);
        });

    [Theory]
    [InlineData(1002, RawFrame.Continuation, true)]
    [InlineData(1002, RawFrame.Continuation, false)]
    [InlineData(1002, RawFrame.TextOpcode, false, RawFrame.TextOpcode, true)]
    [InlineData(1002, RawFrame.TextOpcode, true, RawFrame.Continuation, true)]
    [InlineData(1003, RawFrame.Binary, true)]
    [InlineData(1003, RawFrame.Binary, false)]
    public async Task Frames_out_of_place_are_not_acceptable(int code, params object[] frames)
    {
        var bytes = frames.Chunk(2).SelectMany(f => RawPeer.Frame((int)f[0], "{}"u8.ToArray(), (bool)f[1])).ToArray();
        var (_, last) = await ReadAllAsync(bytes, 1);
        Assert.Equal((ReceivedKind.Unacceptable, code), (last.Kind, (int)last.Code));
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_seen_before_it_has_come()
    {
        var frame = RawPeer.Frame(RawFrame.TextOpcode, new byte[Limit + 1]);
        var (_, last) = await ReadAllAsync(frame[..8], 8);
        Assert.Equal((ReceivedKind.Unacceptable, 1009), (last.Kind, (int)last.Code));
    }

    [Fact]
    public async Task What_is_discarded_ends_with_the_peers_close_frame_or_the_connection()
    {
        byte[] rest = [.. RawPeer.Frame(RawFrame.Binary, new byte[100_000]), .. RawPeer.Frame(RawFrame.Ping, []), .. RawPeer.Frame(RawFrame.CloseOpcode, [])];
        var (reader, input, _) = Create();
        var discarding = reader.DiscardAsync();
        await input.WriteAsync(rest);
        await discarding;

        (reader, input, _) = Create();
        discarding = reader.DiscardAsync();
        await input.WriteAsync(new byte[] { 0xFF, 0xFF, 1, 2, 3 });
        Assert.False(discarding.IsCompleted);
        await input.CompleteAsync();
        await discarding;
    }

    [Fact]
    public async Task Of_many_pings_that_are_not_answered_yet_only_the_last_is_kept()
    {
        var (reader, input, output) = Create(pauseAt: 64);
        var reading = reader.ReadAsync();
        for (byte i = 0; i < 200; i++)
            await input.WriteAsync(RawPeer.Frame(RawFrame.Ping, Enumerable.Repeat(i, 125).ToArray()));
        await input.WriteAsync(RawPeer.Frame(RawFrame.TextOpcode, "{}"u8.ToArray()));
        (await reading).Release();

        var sent = new List<byte>();
        while (sent.Count == 0 || sent[^1] != 199)
        {
            var result = await output.ReadAsync();
            sent.AddRange(result.Buffer.ToArray());
            output.AdvanceTo(result.Buffer.End);
        }

        Assert.InRange(sent.Count, 127, 10 * 127);
    }

    [Fact]
    public async Task What_is_queued_after_the_end_touches_the_connection_no_more()
    {
        var (input, output) = (new Pipe(), new Pipe());
        var socket = new UpgradedSocket(input.Reader, output.Writer, () => Assert.Fail("It was written."));
        var writer = new SocketWriter(socket, new OutboxOptions(), gathers: false, TimeProvider.System, Metrics);
        await writer.EndAsync();
        await output.Writer.CompleteAsync();
        Assert.True(writer.Enqueue(new OutboundFrame([1], 1, pooled: false)));
        writer.Kick();
        await writer.WhenIdleAsync();
        Assert.Equal((0, 0L), writer.Waiting);
    }

    private static (SocketReader Reader, PipeWriter Input, PipeReader Output) Create(int pauseAt = 1 << 20)
    {
        var input = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var output = new Pipe(new PipeOptions(pauseWriterThreshold: pauseAt, resumeWriterThreshold: 1));
        var writer = new SocketWriter(
            new UpgradedSocket(input.Reader, output.Writer, () => { }), new OutboxOptions(), gathers: false, TimeProvider.System, Metrics);
        return (new SocketReader(input.Reader, writer, Limit, Rate, TimeProvider.System), input.Writer, output.Reader);
    }

    /// <summary>All texts, and what came after the last of them.</summary>
    private static async Task<(List<string> Texts, ReceivedMessage Last)> ReadAllAsync(byte[] bytes, int step)
    {
        var (reader, input, _) = Create();
        var writing = Task.Run(async () =>
        {
            for (var at = 0; at < bytes.Length; at += step)
                await input.WriteAsync(bytes.AsMemory(at, Math.Min(step, bytes.Length - at)));
            await input.CompleteAsync();
        });
        var texts = new List<string>();
        while (true)
        {
            var message = await reader.ReadAsync();
            if (message.Kind != ReceivedKind.Text)
            {
                await writing;
                reader.Release();
                return (texts, message);
            }

            texts.Add(Encoding.UTF8.GetString(message.Memory.Span));
            message.Release();
        }
    }
}
