using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Firezone.Gateway.WebSockets.Transport;
using Firezone.Shared.Peers;
using Xunit.Abstractions;

namespace Firezone.Gateway.WebSockets.Tests.Transport;

[Collection(BusyCollection.Name)]
public sealed class SocketOutputTests(ITestOutputHelper output) : IAsyncLifetime
{
    // More than the systems of both sides hold for a peer that does not read.
    private const int Much = 12_000_000;

    private readonly TransportHost _host = new();
    private PolledConnection _connection = null!;
    private Socket _peer = null!;

    private PipeWriter Output => _connection.Output;

    public async Task InitializeAsync() => (_connection, _peer) = await _host.ConnectAsync(receiveBuffer: 4096);

    public async Task DisposeAsync()
    {
        _peer.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_flush_waits_for_a_peer_that_does_not_read()
    {
        var sent = Bytes(Much);
        var flush = Flush(sent);
        Assert.False(flush.IsCompleted);
        Assert.Equal(sent, await ReceiveAsync(Much));
        var result = await flush.WaitAsync(RawPeer.Patience);
        Assert.Equal((false, false, 0L), (result.IsCanceled, result.IsCompleted, Output.UnflushedBytes));
    }

    [Fact]
    public async Task All_is_sent_in_order_whatever_the_sizes()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sent = new byte[8_000_000];
        random.NextBytes(sent);
        var writing = Task.Run(async () =>
        {
            for (var start = 0; start < sent.Length;)
            {
                var piece = Math.Min(sent.Length - start, random.Next(8) == 0 ? random.Next(400_000) : random.Next(5_000));
                Write(sent.AsSpan(start, piece), random);
                start += piece;
                if (random.Next(3) != 0 || start == sent.Length)
                    await Output.FlushAsync().ConfigureAwait(false);
            }
        });
        Assert.Equal(sent, await ReceiveAsync(sent.Length));
        await writing.WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public async Task A_flush_to_a_peer_that_has_reset_the_connection_says_so()
    {
        var broken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connection.ConnectionClosed.Register(broken.SetResult);
        _peer.LingerState = new LingerOption(true, 0);
        _peer.Dispose();
        await broken.Task.WaitAsync(RawPeer.Patience);
        Assert.True((await Flush([1])).IsCompleted);
        Assert.True((await Flush([2])).IsCompleted);
        Assert.Equal(0, Output.UnflushedBytes);
    }

    [Fact]
    public async Task An_abort_ends_a_flush_that_waits()
    {
        var flush = Flush(Bytes(Much));
        _connection.Abort();
        Assert.True((await flush.WaitAsync(RawPeer.Patience)).IsCompleted);
    }

    [Fact]
    public async Task A_peer_that_goes_away_ends_a_flush_that_waits()
    {
        var flush = Flush(Bytes(Much));
        _peer.LingerState = new LingerOption(true, 0);
        _peer.Dispose();
        Assert.True((await flush.WaitAsync(RawPeer.Patience)).IsCompleted);
    }

    [Fact]
    public async Task Completing_ends_a_flush_that_waits()
    {
        var flush = Flush(Bytes(Much));
        await Output.CompleteAsync();
        Assert.True((await flush.WaitAsync(RawPeer.Patience)).IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_canceled_flush_loses_and_repeats_nothing(bool byToken)
    {
        using var canceled = new CancellationTokenSource();
        var sent = Bytes(Much);
        Output.Write(sent);
        var flush = Output.FlushAsync(canceled.Token).AsTask();
        Assert.False(flush.IsCompleted);
        if (byToken)
        {
            await canceled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.WaitAsync(RawPeer.Patience));
        }
        else
        {
            Output.CancelPendingFlush();
            Assert.True((await flush.WaitAsync(RawPeer.Patience)).IsCanceled);
        }

        Assert.InRange(Output.UnflushedBytes, 1, Much);
        var more = Bytes(1_000);
        var next = Flush(more);
        Assert.False(next.IsCompleted);
        byte[] all = [.. sent, .. more];
        Assert.Equal(all, await ReceiveAsync(all.Length));
        Assert.False((await next.WaitAsync(RawPeer.Patience)).IsCanceled);
    }

    [Fact]
    public async Task A_cancel_before_a_flush_ends_it_alone()
    {
        Output.CancelPendingFlush();
        Assert.True((await Flush([1])).IsCanceled);
        Assert.False((await Flush([2])).IsCanceled);
        byte[] all = [1, 2];
        Assert.Equal(all, await ReceiveAsync(2));
    }

    [Fact]
    public async Task Cancels_that_meet_a_peer_that_reads_lose_and_repeat_nothing()
    {
        const int Size = 30_000_000;
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var sent = new byte[Size];
        new Random(seed).NextBytes(sent);
        var tokens = new TokenBox();
        var writing = Task.Run(() => WriteWithCancelsAsync(sent, tokens, new Random(seed + 1)));
        var canceling = Task.Run(() =>
        {
            var random = new Random(seed + 2);
            while (!writing.IsCompleted)
            {
                Thread.SpinWait(random.Next(3_000));
                if (random.Next(2) == 0)
                    tokens.Cancel();
                else
                    Output.CancelPendingFlush();
            }
        });
        Assert.Equal(sent, await ReceiveAsync(Size));
        await Task.WhenAll(writing, canceling).WaitAsync(RawPeer.Patience);
    }

    private async Task WriteWithCancelsAsync(byte[] sent, TokenBox tokens, Random random)
    {
        for (var start = 0; start < sent.Length;)
        {
            var piece = Math.Min(sent.Length - start, random.Next(200_000));
            Write(sent.AsSpan(start, piece), random);
            start += piece;
            try
            {
                var result = await Output.FlushAsync(tokens.Token).ConfigureAwait(false);
                Assert.False(result.IsCompleted);
                Assert.True(result.IsCanceled || Output.UnflushedBytes == 0, "A flush ended too early.");
            }
            catch (OperationCanceledException)
            {
                tokens.Renew();
            }
        }

        while (Output.UnflushedBytes > 0)
            await Output.FlushAsync().ConfigureAwait(false);
    }

    private void Write(ReadOnlySpan<byte> data, Random random)
    {
        var room = random.Next(2) == 0 ? Output.GetSpan(data.Length) : Output.GetMemory(data.Length).Span;
        data.CopyTo(room);
        Output.Advance(data.Length);
    }

    private Task<FlushResult> Flush(byte[] data)
    {
        Output.Write(data);
        return Output.FlushAsync().AsTask();
    }

    private async Task<byte[]> ReceiveAsync(int count)
    {
        using var limit = new CancellationTokenSource(RawPeer.Patience);
        var received = new byte[count];
        for (var start = 0; start < count;)
        {
            var length = await _peer.ReceiveAsync(received.AsMemory(start), limit.Token);
            if (length == 0)
                throw new EndOfStreamException();
            start += length;
        }

        Assert.Equal(0, _peer.Available);
        return received;
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }
}
