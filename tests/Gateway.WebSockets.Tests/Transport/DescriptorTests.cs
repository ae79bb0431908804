using System.Net.Sockets;
using System.Text;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Gateway.WebSockets.Transport;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Transport;

/// <summary>Of the whole process, so that nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(DescriptorTests), DisableParallelization = true)]
[Collection(nameof(DescriptorTests))]
public sealed class DescriptorTests
{
    // The connection stays.
    private static readonly byte[] Request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Theory]
    [InlineData("joined")]
    [InlineData("used")]
    [InlineData("silent")]
    [InlineData("joined used silent")]
    public async Task A_stop_ends_all_connections_and_leaves_no_descriptor(string state)
    {
        var (sockets, pollers) = Open();
        var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:CloseTimeout"] = "00:00:01" });
        var peers = new List<RawPeer>();
        for (var i = 0; i < 5; i++)
        {
            foreach (var one in state.Split(' '))
                peers.Add(await ConnectAsync(host, one));
        }

        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        foreach (var peer in peers)
        {
            await peer.ReceiveEndAsync();
            peer.Dispose();
        }

        var (after, pollersAfter) = Open();
        Assert.Empty(after.Except(sockets));
        Assert.InRange(pollersAfter, 0, pollers);
    }

    [Fact]
    public async Task Without_descriptors_connections_wait_until_there_are_some_again()
    {
        using var logs = new LogCapture();
        await using var host = await FrontEndHost.StartAsync(logs: logs);
        using var measurements = new Measurements(host);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var second = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (FileLimit.LeaveReserve())
        {
            // The first is the one that shows that there are no more.
            await first.ConnectAsync(host.Endpoint);
            await measurements.WaitAsync("accepts.paused", count: 1);
            await second.ConnectAsync(host.Endpoint);
            await second.SendAsync(Request);
            Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(first), StringComparison.Ordinal);
            await measurements.WaitAsync("accepts.paused", count: 4);
            Assert.Equal(0, second.Available);
            Assert.DoesNotContain(logs.Lines, line => line.StartsWith("Information AcceptsAgain", StringComparison.Ordinal));
        }

        Assert.StartsWith("HTTP/1.1 200 ", await ReceiveAsync(second), StringComparison.Ordinal);
        var line = Assert.Single(logs.Lines, line => line.StartsWith("Warning Exhausted", StringComparison.Ordinal));
        Assert.Contains("(error 24)", line, StringComparison.Ordinal);
        Assert.Single(logs.Lines, line => line.StartsWith("Information AcceptsAgain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_of_the_last_owner_of_a_descriptor_is_not_told_to_the_next()
    {
        using var loop = new PollingLoop("test", new LogCapture());
        using var goOn = new ManualResetEventSlim();
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bells = new List<Bell>();
        var last = new Bell(() => { });
        using var holder = new Bell(() =>
        {
            isHeld.SetResult();
            goOn.Wait(RawPeer.Patience);
        });
        using var replacer = new Bell(() =>
        {
            loop.Remove(last.Descriptor, last);
            last.Dispose();
            do
                bells.Add(new Bell(() => { }));
            while (bells[^1].Descriptor < last.Descriptor);
            Watch(bells[^1]);
        });
        using var end = new Bell(() => { });
        Watch(holder, replacer, last, end);

        // Both are heard of at once.
        var held = holder.RingAsync();
        await isHeld.Task;
        var replaced = replacer.RingAsync();
        LinuxCalls.Signal(last.Descriptor);
        goOn.Set();
        await Task.WhenAll(held, replaced);
        await end.RingAsync();
        Assert.Equal((last.Descriptor, 0, 0), (bells[^1].Descriptor, bells[^1].Count, last.Count));
        await bells[^1].RingAsync();
        bells.ForEach(bell => bell.Dispose());

        void Watch(params Bell[] watched)
        {
            foreach (var bell in watched)
                loop.Add(bell.Descriptor, bell, LinuxCalls.Readable | LinuxCalls.EdgeTriggered);
        }
    }

    private static async Task<string> AskAsync(Socket peer)
    {
        await peer.SendAsync(Request);
        return await ReceiveAsync(peer);
    }

    private static async Task<string> ReceiveAsync(Socket peer)
    {
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await peer.ReceiveAsync(buffer).WaitAsync(RawPeer.Patience));
    }

    private static async Task<RawPeer> ConnectAsync(FrontEndHost host, string state)
    {
        if (state == "joined")
            return await host.JoinedClientAsync();
        var peer = await host.ConnectAsync();
        if (state == "used")
            Assert.Equal(200, (await peer.RequestAsync("/healthz", ["Host: x"])).Status);
        return peer;
    }

    /// <summary>The process's sockets, and how many descriptors wait for others.</summary>
    private static (HashSet<string> Sockets, int Pollers) Open()
    {
        var open = Directory.GetFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget).OfType<string>().ToList();
        return (
            [.. open.Where(link => link.StartsWith("socket:", StringComparison.Ordinal))],
            open.Count(link => link == "anon_inode:[eventpoll]"));
    }
}
