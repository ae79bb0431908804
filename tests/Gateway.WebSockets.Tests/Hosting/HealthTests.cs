using System.Net;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Hosting;

public sealed class HealthTests
{
    [Fact]
    public async Task The_process_is_healthy_while_it_starts_and_ready_when_the_cluster_answers()
    {
        var cluster = new FakeCluster();
        cluster.Directory.Failure = new TimeoutException();
        await using var host = await FrontEndHost.StartAsync(cluster: cluster, ready: false);

        var health = await host.RequestAsync(Get("/healthz"));
        Assert.Equal((200, """{"status":"ok"}"""), (health.Status, health.Body));
        var started = await host.RequestAsync(Get("/startupz"));
        Assert.Equal((200, """{"status":"started"}"""), (started.Status, started.Body));
        var starting = await host.RequestAsync(Get("/readyz"));
        Assert.Equal((503, """{"status":"starting"}"""), (starting.Status, starting.Body));

        cluster.Directory.Failure = null;
        HttpReply ready;
        do
        {
            ready = await host.RequestAsync(Get("/readyz"));
        }
        while (ready.Status != 200);

        Assert.Matches("""^\{"status":"ready","version":"\d+\.\d+\.\d+"\}$""", ready.Body);
    }

    [Fact]
    public async Task The_health_port_serves_health_and_nothing_else()
    {
        var port = ServerPort.Next();
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:HealthPort"] = $"{port}" });

        Assert.Equal(200, (await RequestAsync(port, Get("/healthz"))).Status);
        Assert.Equal(200, (await RequestAsync(port, Get("/startupz"))).Status);
        Assert.Equal(200, (await RequestAsync(port, Get("/readyz"))).Status);
        Assert.Equal(404, (await RequestAsync(port, Connect.Client())).Status);
        Assert.Equal(404, (await RequestAsync(port, Get("/"))).Status);
        Assert.Equal(200, (await host.RequestAsync(Get("/healthz"))).Status);
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
    }

    [Fact]
    public async Task Plain_http_needs_the_proxys_id_if_there_is_one_but_sockets_and_health_do_not()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:ProxyId"] = "the-id" });
        Assert.Equal(502, (await host.RequestAsync(Get("/other"))).Status);
        Assert.Equal(502, (await host.RequestAsync(Get("/other").WithHeader("X-Azure-FDID", "another"))).Status);
        Assert.Equal(404, (await host.RequestAsync(Get("/other").WithHeader("X-Azure-FDID", "the-id"))).Status);
        Assert.Equal(200, (await host.RequestAsync(Get("/healthz"))).Status);
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
    }

    private static Connect Get(string path) => new(path, new Dictionary<string, string?>(), ["Host: api.example.com"]);

    private static async Task<HttpReply> RequestAsync(int port, Connect connect)
    {
        using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return await peer.RequestAsync(connect.PathAndQuery, connect.Headers);
    }
}
