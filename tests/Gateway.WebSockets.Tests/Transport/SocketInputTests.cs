using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Firezone.Gateway.WebSockets.Transport;
using Firezone.Shared.Peers;
using Microsoft.AspNetCore.Connections;
using Xunit.Abstractions;

namespace Firezone.Gateway.WebSockets.Tests.Transport;

[Collection(BusyCollection.Name)]
public sealed class SocketInputTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TransportHost _host = new();
    private PolledConnection _connection = null!;
    private Socket _peer = null!;

    public async Task InitializeAsync() => (_connection, _peer) = await _host.ConnectAsync();

    public async Task DisposeAsync()
    {
        _peer.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task All_arrives_in_order_and_then_the_end_however_it_is_sent_and_read()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        for (var i = 0; i < 30; i++)
        {
            var (connection, peer) = await _host.ConnectAsync();
            var random = new Random(seed + i);
            if (random.Next(2) == 0)
                connection.LeaveLoop();
            var sent = new byte[random.Next(200_000)];
            random.NextBytes(sent);
            var reading = Task.Run(() => ReadAllAsync(connection.Input, sent, new Random(seed + i)));
            for (var start = 0; start < sent.Length;)
            {
                var piece = Math.Min(sent.Length - start, random.Next(4) == 0 ? random.Next(40_000) : random.Next(3_000));
                start += await peer.SendAsync(sent.AsMemory(start, piece));
            }

            peer.Shutdown(SocketShutdown.Send);
            await reading.WaitAsync(RawPeer.Patience);
            peer.Dispose();
        }
    }

    [Fact]
    public async Task What_is_larger_than_any_buffer_is_held_until_all_of_it_is_there()
    {
        var sent = new byte[1_000_000];
        Random.Shared.NextBytes(sent);
        var sending = _peer.SendAsync(sent);
        var result = await ReadAsync();
        while (result.Buffer.Length < sent.Length)
        {
            _connection.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await ReadAsync();
        }

        await sending;
        Assert.Equal(sent, result.Buffer.ToArray());
        _connection.Input.AdvanceTo(result.Buffer.End);
    }

    [Fact]
    public async Task A_canceled_token_ends_a_read_and_nothing_is_lost()
    {
        await _peer.SendAsync("ab"u8.ToArray());
        var result = await ReadAsync();
        while (result.Buffer.Length < 2)
        {
            _connection.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await ReadAsync();
        }

        _connection.Input.AdvanceTo(result.Buffer.GetPosition(1), result.Buffer.End);
        using var canceled = new CancellationTokenSource();
        var reading = _connection.Input.ReadAsync(canceled.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await canceled.CancelAsync();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(canceled.Token, exception.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _connection.Input.ReadAsync(canceled.Token));

        await _peer.SendAsync("c"u8.ToArray());
        await ExpectAsync("bc"u8.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancel_ends_one_read(bool isBefore)
    {
        if (isBefore)
            _connection.Input.CancelPendingRead();
        var canceled = _connection.Input.ReadAsync().AsTask();
        Assert.Equal(isBefore, canceled.IsCompleted);
        if (!isBefore)
            _connection.Input.CancelPendingRead();
        var result = await canceled.WaitAsync(RawPeer.Patience);
        Assert.Equal((true, false, 0L), (result.IsCanceled, result.IsCompleted, result.Buffer.Length));
        _connection.Input.AdvanceTo(result.Buffer.End);

        var next = _connection.Input.ReadAsync().AsTask();
        Assert.False(next.IsCompleted);
        await _peer.SendAsync("x"u8.ToArray());
        result = await next.WaitAsync(RawPeer.Patience);
        Assert.Equal((false, 1L), (result.IsCanceled, result.Buffer.Length));
        _connection.Input.AdvanceTo(result.Buffer.End);
    }

    [Fact]
    public async Task A_reset_connection_fails_reads()
    {
        var reading = _connection.Input.ReadAsync().AsTask();
        _peer.LingerState = new LingerOption(true, 0);
        _peer.Dispose();
        await Assert.ThrowsAsync<ConnectionResetException>(() => reading.WaitAsync(RawPeer.Patience));
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await _connection.Input.ReadAsync());
    }

    [Fact]
    public async Task An_abort_ends_a_read()
    {
        var reading = _connection.Input.ReadAsync().AsTask();
        _connection.Abort();
        Assert.True((await reading.WaitAsync(RawPeer.Patience)).IsCompleted);
        Assert.True((await ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task Cancels_that_meet_what_arrives_lose_nothing_and_end_no_further_read()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        using var peerDone = new CancellationTokenSource();
        var tokens = new TokenBox();
        var cancels = 0;
        var canceling = Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 20_000; i++)
            {
                Thread.SpinWait(random.Next(200));
                if (random.Next(2) == 0)
                {
                    tokens.Cancel();
                    continue;
                }

                Interlocked.Increment(ref cancels);
                _connection.Input.CancelPendingRead();
            }

            peerDone.Cancel();
        });
        var sending = Task.Run(async () =>
        {
            var random = new Random(seed + 1);
            byte next = 0;
            while (!peerDone.IsCancellationRequested)
            {
                var piece = new byte[random.Next(1, 50)];
                for (var i = 0; i < piece.Length; i++)
                    piece[i] = next++;
                await _peer.SendAsync(piece);
                Thread.SpinWait(random.Next(2_000));
            }

            _peer.Shutdown(SocketShutdown.Send);
        });

        var seen = await Task.Run(() => ReadWithCancelsAsync(tokens)).WaitAsync(RawPeer.Patience);
        await Task.WhenAll(canceling, sending);
        Assert.InRange(seen, 0, cancels);
    }

    private async Task<int> ReadWithCancelsAsync(TokenBox tokens)
    {
        var (seen, next) = (0, (byte)0);
        while (true)
        {
            ReadResult result;
            try
            {
                result = await _connection.Input.ReadAsync(tokens.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                tokens.Renew();
                continue;
            }

            Assert.True(result.IsCanceled || result.IsCompleted || result.Buffer.Length > 0, "A read ended with nothing.");
            if (result.IsCanceled)
                seen++;
            foreach (var b in result.Buffer.ToArray())
                Assert.Equal(next++, b);
            _connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return seen;
        }
    }

    private static async Task ReadAllAsync(PipeReader input, byte[] expected, Random random)
    {
        var consumed = 0;
        while (true)
        {
            if (random.Next(8) == 0)
                await Task.Yield();
            if (random.Next(3) != 0 || !input.TryRead(out var result))
                result = await input.ReadAsync().ConfigureAwait(false);
            Assert.False(result.IsCanceled);
            var length = (int)result.Buffer.Length;
            Assert.Equal(expected[consumed..(consumed + length)], result.Buffer.ToArray());
            var take = random.Next(2) == 0 ? length : random.Next(length + 1);
            var examined = random.Next(2) == 0 ? length : random.Next(take, length + 1);
            input.AdvanceTo(result.Buffer.GetPosition(take), result.Buffer.GetPosition(examined));
            consumed += take;
            if (!result.IsCompleted || take < length)
                continue;
            Assert.Equal(expected.Length, consumed);
            return;
        }
    }

    private Task<ReadResult> ReadAsync() => _connection.Input.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);

    private async Task ExpectAsync(byte[] expected)
    {
        var result = await ReadAsync();
        while (result.Buffer.Length < expected.Length)
        {
            _connection.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await ReadAsync();
        }

        Assert.Equal(expected, result.Buffer.ToArray());
        _connection.Input.AdvanceTo(result.Buffer.End);
    }
}
