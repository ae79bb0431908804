using System.Net;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;
using Firezone.Shared.Peers;
using Firezone.Storage.Postgres;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Flows;

/// <summary>Devices that all connect in the same moment, many more than can be let in at once, and come back when they are told to.</summary>
[Collection("Storms")]
public sealed class ConnectStormTests(ITestOutputHelper output) : IAsyncLifetime
{
    private OwnServer _server = null!;

    public async Task InitializeAsync() => _server = await OwnServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public Task Many_at_once_are_told_when_to_come_back_until_all_are_in_and_who_was_in_before_goes_on() => StormAsync(devices: 1_000);

    [Fact]
    [Trait("Form", "Long")]
    public Task Thousands_at_once_are_told_when_to_come_back_until_all_are_in_and_who_was_in_before_goes_on() => StormAsync(devices: 4_000);

    private async Task StormAsync(int devices)
    {
        await using var database = new Database(_server.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        await KnownDevices.AddAsync(_server, account, devices + 1, 1);
        await using var portal = await Portal.CoHostedOnAsync(_server.ConnectionString);
        var sockets = new RawPeer?[devices];
        using var established = await V1Peer.ConnectAsync(portal.FrontEndPort, "client", Client(account, devices));
        await established.JoinAsync();
        try
        {
            using var stop = new CancellationTokenSource();
            var heartbeats = HeartbeatsAsync(established, portal, stop.Token);
            var began = TimeProvider.System.GetTimestamp();
            var refusals = await Task.WhenAll(Enumerable.Range(0, devices).Select(async device =>
            {
                var (socket, refused) = await JoinAsync(portal, Client(account, device));
                sockets[device] = socket;
                return refused;
            }));
            var all = TimeProvider.System.GetElapsedTime(began);
            output.WriteLine($"{devices} devices were in after {all.TotalSeconds:0.0} s and {refusals.Sum()} refusals");
            await stop.CancelAsync();
            var took = (await heartbeats).Order().ToList();
            output.WriteLine(
                $"{took.Count} heartbeats: p50 {took[took.Count / 2]:0.0} ms, p99 {took[took.Count * 99 / 100]:0} ms, longest {took[^1]:0} ms");
            await established.HeartbeatAsync();
            Assert.InRange(refusals.Sum(), 1, int.MaxValue);
        }
        finally
        {
            foreach (var socket in sockets)
                socket?.Dispose();
        }
    }

    private static Connect Client(TestAccount account, int device) => Connect.Client()
        .WithToken(account.Client.Text)
        .With("external_id", $"c{device}")
        .With("public_key", KnownDevices.Key($"c{device}"));

    /// <summary>As a device does: waits exactly as long as it is told to.</summary>
    private static async Task<(RawPeer Socket, int Refused)> JoinAsync(Portal portal, Connect connect)
    {
        for (var refused = 0; ; refused++)
        {
            var socket = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, portal.FrontEndPort));
            var reply = await socket.RequestAsync(connect.PathAndQuery, connect.Headers);
            if (reply.Status == 101)
            {
                await socket.SendTextAsync("""{"topic":"client","event":"phx_join","payload":null,"ref":0}""");
                Assert.Contains("phx_reply", await socket.ReceiveTextAsync(), StringComparison.Ordinal);
                Assert.Contains("\"init\"", await socket.ReceiveTextAsync(), StringComparison.Ordinal);
                return (socket, refused);
            }

            Assert.Equal(503, reply.Status);
            Assert.Contains(reply.Code, new[] { "overloaded", "unavailable" });
            var wait = int.Parse(reply.Header("Retry-After")!);
            Assert.InRange(wait, 1, 30);
            socket.Dispose();
            await Task.Delay(TimeSpan.FromSeconds(wait), TimeProvider.System);
        }
    }

    /// <summary>Milliseconds of each, one after the other; the process must be ready all the time.</summary>
    private static async Task<List<double>> HeartbeatsAsync(V1Peer peer, Portal portal, CancellationToken stop)
    {
        var took = new List<double>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            await peer.HeartbeatAsync();
            took.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            if (took.Count % 10 == 0)
            {
                using var health = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, portal.FrontEndPort));
                Assert.Equal(200, (await health.RequestAsync("/readyz", ["Host: localhost"])).Status);
            }

            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        return took;
    }
}
