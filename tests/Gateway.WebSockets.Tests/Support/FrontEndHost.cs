using System.Net;
using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Hosting;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Shared;
using Firezone.Shared.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>A front-end in this process on a free loopback port, in front of a fake cluster.</summary>
internal sealed class FrontEndHost : IAsyncDisposable
{
    private readonly FakeTimeProvider? _clock;

    private FrontEndHost(WebApplication app, FakeCluster cluster, FakeTimeProvider? clock)
    {
        _clock = clock;
        App = app;
        Cluster = cluster;
        var address = new Uri(app.Urls.First());
        Endpoint = new IPEndPoint(IPAddress.Loopback, address.Port);
    }

    internal WebApplication App { get; }

    internal FakeCluster Cluster { get; }

    internal IPEndPoint Endpoint { get; }

    /// <summary>Ready unless told otherwise; the connect rate is not limited unless the settings say so.</summary>
    internal static async Task<FrontEndHost> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, FakeTimeProvider? clock = null, FakeCluster? cluster = null, bool ready = true, ILoggerProvider? logs = null)
    {
        cluster ??= new FakeCluster(clock);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(FrontEndHost).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FrontEnd:Urls"] = "http://127.0.0.1:0",
            ["FrontEnd:HealthPort"] = "0",
            ["FrontEnd:ConnectRate:Enabled"] = "false",
            ["FrontEnd:DrainSeconds"] = "0.1",
            ["AllowedHosts"] = "*",
        });
        if (settings is not null)
            builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton<IGrainFactory>(cluster);
        if (clock is not null)
            builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddFirezoneFrontEnd();

        var app = builder.Build();
        app.MapFirezoneFrontEnd();
        await app.StartAsync();
        if (ready)
            app.Services.GetRequiredService<Readiness>().Set(ready: true);
        return new FrontEndHost(app, cluster, clock);
    }

    internal T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    internal Task<RawPeer> ConnectAsync() => RawPeer.ConnectAsync(Endpoint);

    /// <summary>One request on a connection of its own.</summary>
    internal async Task<HttpReply> RequestAsync(Connect connect)
    {
        using var peer = await ConnectAsync();
        return await peer.RequestAsync(connect.PathAndQuery, connect.Headers, connect.Method);
    }

    /// <summary>An upgraded socket. Its limits are looked after: the answer to its handshake leaves a moment before that.</summary>
    internal async Task<RawPeer> OpenAsync(Connect connect)
    {
        var sessions = Service<SessionRegistry>();
        var before = sessions.Connections.ToHashSet();
        var peer = await ConnectAsync();
        var reply = await peer.RequestAsync(connect.PathAndQuery, connect.Headers);
        Assert.True(reply.Status == 101, $"{reply.Status} {reply.Body}");
        while (sessions.Count > sessions.Connections.Count() && sessions.Connections.All(before.Contains))
            await Task.Yield();
        return peer;
    }

    internal const string Join = """{"topic":"client","event":"phx_join","payload":null,"ref":0}""";

    /// <summary>A client that has joined and taken its join reply and <c>init</c>.</summary>
    internal async Task<RawPeer> JoinedClientAsync(int? receiveBuffer = null)
    {
        var peer = await RawPeer.ConnectAsync(Endpoint, receiveBuffer);
        Assert.Equal(101, (await peer.RequestAsync(Connect.Client().PathAndQuery, Connect.Client().Headers)).Status);
        await peer.SendTextAsync(Join);
        Assert.Contains("phx_reply", await peer.ReceiveTextAsync());
        Assert.Contains("\"init\"", await peer.ReceiveTextAsync());
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        var stop = App.StopAsync();
        while (_clock is not null && !stop.IsCompleted)
        {
            // Nobody else moves the clock while the host waits for its sockets.
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await stop;
        await App.DisposeAsync();
    }

    /// <summary>
    /// Moves the clock when nothing is being written any more: a peer may have a frame in its hands before its writer is done with it, and a
    /// write that lasts too long ends the socket.
    /// </summary>
    internal async Task AdvanceAsync(TimeSpan by)
    {
        foreach (var connection in Service<SessionRegistry>().Connections)
            await connection.Writer.WhenIdleAsync();
        _clock!.Advance(by);

        // A timer that is due while another thread runs one of the clock's timers fires only after its next period.
        var sweeper = App.Services.GetServices<IHostedService>().OfType<SessionSweeper>().Single();
        while (!sweeper.Sweep())
            await Task.Yield();
    }

    /// <summary>
    /// Moves the clock until something has happened. Between two steps a request is served, so that the clock does not run away from the
    /// tasks that wait for it.
    /// </summary>
    /// <returns>What happened, and by how much the clock was moved.</returns>
    internal async Task<(T Result, TimeSpan Advanced)> AdvanceUntilAsync<T>(Task<T> happened, TimeSpan step)
    {
        var advanced = TimeSpan.Zero;
        while (!happened.IsCompleted)
        {
            _clock!.Advance(step);
            advanced += step;
            await RequestAsync(new Connect("/healthz", new Dictionary<string, string?>(), ["Host: x"]));
        }

        return (await happened, advanced);
    }
}
