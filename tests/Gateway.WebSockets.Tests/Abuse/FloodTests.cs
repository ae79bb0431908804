using System.Text;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Abuse;

/// <summary>A socket that sends more than its rate is read no faster; it is told nothing and loses nothing.</summary>
public sealed class FloodTests
{
    private const int Burst = 20;
    private const int PerSecond = 10;

    // What is left after the burst is less than another: it is one flood even if the clock runs far ahead of the reader.
    private const int Flood = 35;

    private readonly FakeTimeProvider _clock = new(Tickets.Now);

    [Fact]
    public async Task A_flood_of_messages_is_read_at_its_rate_and_counted_once_per_flood()
    {
        await using var host = await StartAsync();
        using var measurements = new Measurements(host);
        using var peer = await host.OpenAsync(Connect.Client());

        for (var flood = 1; flood <= 2; flood++)
        {
            await SendAsync(peer, Enumerable.Range(0, Flood).Select(i => Text(Heartbeat(i))));
            for (var i = 0; i < Burst; i++)
                Assert.EndsWith($"\"ref\":{i}}}", await peer.ReceiveTextAsync());
            Assert.Equal(flood, (await measurements.WaitAsync("sessions.throttled kind=client", flood)).Length);
            Assert.False(peer.HasBytes);

            var (_, advanced) = await host.AdvanceUntilAsync(AnswersAsync(peer, Burst, Flood), TimeSpan.FromSeconds(0.5));
            Assert.True(advanced >= TimeSpan.FromSeconds((Flood - Burst) / (double)PerSecond), $"{advanced}");
            Assert.Equal(flood, measurements.Sum("sessions.throttled kind=client"));
            await host.AdvanceAsync(TimeSpan.FromSeconds(5));
        }
    }

    [Theory]
    [InlineData(RawFrame.Ping, true)]
    [InlineData(RawFrame.Pong, true)]
    [InlineData(RawFrame.Continuation, false)]
    public async Task A_flood_of_frames_that_are_no_messages_counts_too(int opcode, bool fin)
    {
        await using var host = await StartAsync();
        using var measurements = new Measurements(host);
        using var peer = await host.OpenAsync(Connect.Client());
        var frames = Enumerable.Repeat(RawPeer.Frame(opcode, [], fin), Burst + 5);
        if (!fin)
            frames = frames.Prepend(RawPeer.Frame(RawFrame.TextOpcode, [], fin: false));
        await SendAsync(peer, frames);
        await measurements.WaitAsync("sessions.throttled kind=client");
    }

    [Fact]
    public async Task A_join_counts_as_ten_messages()
    {
        await using var host = await StartAsync();
        using var measurements = new Measurements(host);
        using var peer = await host.OpenAsync(Connect.Client());
        await SendAsync(peer, Enumerable.Repeat(Text(FrontEndHost.Join), 3));
        await host.Cluster.Client.Attaches.NextAsync();
        await host.Cluster.Client.Attaches.NextAsync();
        await measurements.WaitAsync("sessions.throttled kind=client");
        await host.AdvanceUntilAsync(host.Cluster.Client.Attaches.NextAsync(), TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task A_close_frame_is_read_whatever_the_rate()
    {
        await using var host = await StartAsync();
        using var peer = await host.OpenAsync(Connect.Client());
        await SendAsync(peer, Enumerable.Range(0, Burst).Select(i => Text(Heartbeat(i))));
        await peer.SendCloseAsync(4000);
        Assert.Equal(4000, await peer.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Gateways_have_a_rate_of_their_own()
    {
        await using var host = await StartAsync();
        using var peer = await host.OpenAsync(Connect.Gateway());
        await SendAsync(peer, Enumerable.Range(0, 300).Select(i => Text(Heartbeat(i))));
        await AnswersAsync(peer, 0, 300);
    }

    [Fact]
    public async Task A_socket_that_is_not_read_ends_with_its_connection()
    {
        await using var host = await StartAsync();
        using var measurements = new Measurements(host);
        using var peer = await host.OpenAsync(Connect.Client());
        await SendAsync(peer, Enumerable.Range(0, 50).Select(i => Text(Heartbeat(i))));
        await measurements.WaitAsync("sessions.throttled kind=client");
        peer.Reset();
        var ended = measurements.WaitAsync("closes code=1006 kind=client");
        await host.AdvanceUntilAsync(ended, TimeSpan.FromSeconds(1));
    }

    private Task<FrontEndHost> StartAsync() => FrontEndHost.StartAsync(
        new Dictionary<string, string?>
        {
            ["FrontEnd:MessageRate:PerSecond"] = $"{PerSecond}",
            ["FrontEnd:MessageRate:Burst"] = $"{Burst}",
            ["FrontEnd:JoinTimeout"] = "01:00:00",
        },
        _clock);

    private static string Heartbeat(int i) => $$"""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":{{i}}}""";

    private static byte[] Text(string text) => RawPeer.Frame(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(text));

    private static Task SendAsync(RawPeer peer, IEnumerable<byte[]> frames) => peer.SendAsync([.. frames.SelectMany(f => f)]);

    private static async Task<int> AnswersAsync(RawPeer peer, int from, int to)
    {
        for (var i = from; i < to; i++)
            Assert.EndsWith($"\"ref\":{i}}}", await peer.ReceiveTextAsync());
        return to;
    }
}
