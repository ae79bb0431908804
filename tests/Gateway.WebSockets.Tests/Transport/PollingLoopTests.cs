using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Gateway.WebSockets.Transport;
using Firezone.Shared.Peers;
using Microsoft.AspNetCore.Connections;

namespace Firezone.Gateway.WebSockets.Tests.Transport;

[Collection(BusyCollection.Name)]
public sealed class PollingLoopTests
{
    [Fact]
    public async Task A_connection_never_sees_the_end_of_the_one_that_had_its_descriptor_before()
    {
        const int Peers = 16, Rounds = 300;
        var wrong = new ConcurrentQueue<string>();
        await using var host = new TransportHost(connection => AnswerUntilLastAsync(connection, wrong));
        await Task.WhenAll(Enumerable.Range(0, Peers).Select(peer => Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
                await ConverseAsync(host, endsFirst: (peer + i) % 2 == 0);
        })));
        Assert.Empty(wrong);
        Assert.Empty(host.Logs.Lines);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_nothing_else()
    {
        var logs = new LogCapture();
        using var loop = new PollingLoop("test", logs);
        using var broken = new Bell(() => throw new InvalidOperationException("broken"));
        using var whole = new Bell(() => { });
        loop.Add(broken.Descriptor, broken, LinuxCalls.Readable | LinuxCalls.EdgeTriggered);
        loop.Add(whole.Descriptor, whole, LinuxCalls.Readable | LinuxCalls.EdgeTriggered);
        for (var i = 0; i < 3; i++)
        {
            await broken.RingAsync();
            await whole.RingAsync();
        }

        Assert.Equal(3, logs.Lines.Count(line => line.StartsWith("Error HandlingFailed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_removed_is_told_nothing()
    {
        using var loop = new PollingLoop("test", new LogCapture());
        using var removed = new Bell(() => throw new InvalidOperationException());
        using var whole = new Bell(() => { });
        loop.Add(removed.Descriptor, removed, LinuxCalls.Readable | LinuxCalls.EdgeTriggered);
        loop.Add(whole.Descriptor, whole, LinuxCalls.Readable | LinuxCalls.EdgeTriggered);
        Assert.Equal(2, loop.Watched().Count());
        loop.Remove(removed.Descriptor, whole); // Not the owner.
        Assert.Equal(2, loop.Watched().Count());
        loop.Remove(removed.Descriptor, removed);
        Assert.Same(whole, Assert.Single(loop.Watched()));
        LinuxCalls.Signal(removed.Descriptor);
        await whole.RingAsync();
        Assert.Equal(0, removed.Count);
    }

    [Fact]
    public void What_cannot_be_watched_is_said_so()
    {
        using var loop = new PollingLoop("test", new LogCapture());
        using var bell = new Bell(() => { });
        using var file = File.OpenHandle(typeof(PollingLoopTests).Assembly.Location);
        Assert.Throws<IOException>(() => loop.Add((int)file.DangerousGetHandle(), bell, LinuxCalls.Readable));
        Assert.Empty(loop.Watched());
    }

    [Fact]
    public async Task Peers_that_send_without_end_keep_nobody_else_from_being_answered()
    {
        const int Floods = 3, Others = 8, Rounds = 50;
        await using var host = new TransportHost(EchoLettersAsync);
        var floods = new List<Socket>();
        using var enough = new CancellationTokenSource();
        for (var i = 0; i < Floods; i++)
            floods.Add(await host.PeerAsync());
        var flooding = floods.Select(peer => Task.Run(async () =>
        {
            var zeros = new byte[256 * 1024];
            while (!enough.IsCancellationRequested)
                await peer.SendAsync(zeros);
        })).ToArray();

        for (var i = 0; i < Others; i++)
        {
            using var peer = await host.PeerAsync();
            for (var round = 0; round < Rounds; round++)
            {
                await peer.SendAsync("x"u8.ToArray());
                await ReceiveAsync(peer);
            }
        }

        Assert.All(flooding, flood => Assert.False(flood.IsCompleted));
        await enough.CancelAsync();
        await Task.WhenAll(flooding).WaitAsync(RawPeer.Patience);
        floods.ForEach(peer => peer.Dispose());
    }

    /// <summary>Answers each byte. The peer may go only after its z.</summary>
    private static async Task AnswerUntilLastAsync(ConnectionContext connection, ConcurrentQueue<string> wrong)
    {
        try
        {
            while (true)
            {
                var result = await connection.Transport.Input.ReadAsync();
                var data = result.Buffer.ToArray();
                connection.Transport.Input.AdvanceTo(result.Buffer.End);
                if (data.Length > 0)
                {
                    connection.Transport.Output.Write(data);
                    await connection.Transport.Output.FlushAsync();
                }

                if (data.Contains((byte)'z'))
                    return;
                if (result.IsCompleted || connection.ConnectionClosed.IsCancellationRequested)
                {
                    wrong.Enqueue("It saw an end that was not its own.");
                    return;
                }
            }
        }
        catch (Exception e)
        {
            wrong.Enqueue(e.ToString());
        }
    }

    private static async Task ConverseAsync(TransportHost host, bool endsFirst)
    {
        using var peer = await host.PeerAsync();
        await peer.SendAsync("a"u8.ToArray());
        await ReceiveAsync(peer);
        await peer.SendAsync("b"u8.ToArray());
        await ReceiveAsync(peer);
        await peer.SendAsync("z"u8.ToArray());

        // Both sides' ends meet, or the peer's comes when its connection is over already.
        if (endsFirst)
            peer.Shutdown(SocketShutdown.Send);
        else
            await ReceiveAsync(peer);
    }

    private static async Task EchoLettersAsync(ConnectionContext connection)
    {
        while (true)
        {
            var result = await connection.Transport.Input.ReadAsync();
            var isLetter = !result.Buffer.IsEmpty && result.Buffer.FirstSpan[0] != 0;
            if (isLetter)
                connection.Transport.Output.Write(result.Buffer.FirstSpan);
            connection.Transport.Input.AdvanceTo(result.Buffer.End);
            if (isLetter)
                await connection.Transport.Output.FlushAsync();
            if (result.IsCompleted)
                return;
        }
    }

    private static async Task ReceiveAsync(Socket peer)
    {
        using var limit = new CancellationTokenSource(RawPeer.Patience);
        Assert.Equal(1, await peer.ReceiveAsync(new byte[1], limit.Token));
    }
}
