using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Admission;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Admission;

/// <summary>Too many connects at a front-end, through real sockets.</summary>
public sealed class ConnectAdmissionTests
{
    private readonly FakeTimeProvider _clock = new(Tickets.Now);

    [Fact]
    public async Task Beyond_those_under_way_connects_are_refused_without_a_call_and_sessions_go_on()
    {
        await using var host = await StartAsync(("MaxUnderWay", "3"), ("MinUnderWay", "1"));
        using var established = await host.JoinedClientAsync();
        await WhenIdleAsync(host);
        var decision = new TaskCompletionSource();
        var asked = new SemaphoreSlim(0);
        var admit = host.Cluster.Admission.OnClient;
        host.Cluster.Admission.OnClient = async request =>
        {
            asked.Release();
            await decision.Task;
            return await admit(request);
        };
        var underWay = Enumerable.Range(0, 3).Select(_ => host.RequestAsync(Connect.Client())).ToArray();
        for (var i = 0; i < 3; i++)
            Assert.True(await asked.WaitAsync(RawPeer.Patience));

        var calls = host.Cluster.Admission.Count;
        foreach (var connect in new[] { Connect.Client(), Connect.Gateway(), Connect.Relay().WithHeader("X-Authorization", null) })
            AssertOverloaded(await host.RequestAsync(connect), longest: 2);
        Assert.Equal(calls, host.Cluster.Admission.Count);
        await established.SendTextAsync("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":1}""");
        Assert.Contains("phx_reply", await established.ReceiveTextAsync());
        Assert.Equal(200, (await host.RequestAsync(new Connect("/readyz", new Dictionary<string, string?>(), ["Host: x"]))).Status);

        decision.SetResult();
        Assert.All(await Task.WhenAll(underWay), reply => Assert.Equal(101, reply.Status));
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
    }

    [Fact]
    public async Task A_join_that_is_under_way_counts_too_and_a_socket_that_does_not_join_does_not()
    {
        await using var host = await StartAsync(("MaxUnderWay", "1"), ("MinUnderWay", "1"));
        using var silent = await host.OpenAsync(Connect.Client());
        using var joining = await host.OpenAsync(Connect.Client());
        var attached = new TaskCompletionSource<Grains.Abstractions.Sessions.AttachResult>();
        host.Cluster.Client.OnAttach = (_, _) => attached.Task;
        await joining.SendTextAsync(FrontEndHost.Join);
        await host.Cluster.Client.Attaches.NextAsync();
        AssertOverloaded(await host.RequestAsync(Connect.Client()), longest: 2);

        attached.SetResult(FakeDevice.Attached("{}"));
        Assert.Contains("phx_reply", await joining.ReceiveTextAsync());
        await WhenIdleAsync(host);
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
    }

    [Fact]
    public async Task Beyond_the_rate_connects_are_refused_and_those_that_ask_nobody_do_not_use_it_up()
    {
        await using var host = await StartAsync(("MaxPerSecond", "4"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, (await host.RequestAsync(Connect.Client().WithHeader("X-Authorization", null))).Status);
            Assert.Equal(403, (await host.RequestAsync(Connect.Client().WithHeader("Origin", "https://evil.example"))).Status);
        }

        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
        AssertOverloaded(await host.RequestAsync(Connect.Client()), longest: 2);
        _clock.Advance(TimeSpan.FromSeconds(0.25));
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
    }

    [Fact]
    public async Task Retries_are_spread_over_a_window_that_grows_with_those_who_wait()
    {
        await using var host = await StartAsync(("MaxPerSecond", "4"), ("MaxRetryAfter", "20"));
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
        var waits = new List<int>();
        for (var i = 0; i < 200; i++)
        {
            var reply = await host.RequestAsync(Connect.Client());
            AssertOverloaded(reply, longest: 20);
            waits.Add(int.Parse(reply.Header("Retry-After")!));
        }

        // Four a second can be taken on: the first find room in two seconds, the last in fifty, which is more than anybody is told.
        Assert.InRange(waits.Take(5).Max(), 1, 2);
        Assert.InRange(waits.Take(40).Max(), 3, 10);
        Assert.InRange(waits.TakeLast(100).Max(), 11, 20);
        Assert.Equal(200, host.Service<ConnectAdmission>().State.Waiting);
        _clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
        Assert.Equal(0, host.Service<ConnectAdmission>().State.Waiting);
    }

    [Fact]
    public async Task While_the_database_does_not_answer_most_connects_are_refused_without_asking_it()
    {
        await using var host = await StartAsync();
        host.Cluster.Admission.OnClient = _ => Task.FromResult(Admission<ClientTicket>.Refused(Refusal.Unavailable));
        for (var i = 0; i < 20; i++)
            AssertRefused(await host.RequestAsync(Connect.Client()), "unavailable");
        _clock.Advance(AdmissionControl.Interval);
        var codes = new List<string?>();
        for (var i = 0; i < 40; i++)
            codes.Add((await host.RequestAsync(Connect.Client())).Code);
        Assert.InRange(codes.Count(code => code == "unavailable"), 1, 20);
        Assert.Equal("overloaded", codes[^1]);
        Assert.Equal(codes.Count(code => code == "unavailable") + 20, host.Cluster.Admission.Count);
    }

    [Fact]
    public async Task A_storm_is_one_line_when_it_begins_and_one_when_it_ends_and_can_be_seen_in_the_meters()
    {
        var logs = new LogCapture();
        await using var host = await StartAsync(logs, ("MaxPerSecond", "4"));
        var meters = host.Service<IMeterFactory>();
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == FrontEndMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => seen[i.Name] = value);
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => seen[i.Name] = value);
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) =>
            seen.AddOrUpdate($"{i.Name} {(tags.Length > 0 ? tags[0].Value : "")}", value, (_, old) => old + value));
        listener.Start();

        await host.RequestAsync(Connect.Client());
        for (var i = 0; i < 3; i++)
            AssertOverloaded(await host.RequestAsync(Connect.Client()), longest: 2);
        listener.RecordObservableInstruments();
        Assert.Equal((1, 3, 3), (Seen("storm"), Seen("waiting"), Seen("refused rate")));
        Assert.Equal((128, 4), (Seen("limit"), Seen("rate")));
        Assert.Single(logs.Lines, line => line.Contains("More connects come than are taken on", StringComparison.Ordinal));

        _clock.Advance(AdmissionControl.Quiet);
        listener.RecordObservableInstruments();
        Assert.Equal((0, 0), (Seen("storm"), Seen("waiting")));
        Assert.Single(logs.Lines, line => line.Contains("All connects are taken on again", StringComparison.Ordinal)
            && line.Contains("3 as too many per second", StringComparison.Ordinal));

        double Seen(string name) => seen["firezone.frontend.admission." + name];
    }

    /// <summary>The reply to a join is sent a moment before the join is over.</summary>
    private static async Task WhenIdleAsync(FrontEndHost host)
    {
        while (host.Service<ConnectAdmission>().State.UnderWay > 0)
            await Task.Yield();
    }

    private static void AssertOverloaded(HttpReply reply, int longest)
    {
        AssertRefused(reply, "overloaded");
        Assert.InRange(int.Parse(reply.Header("Retry-After")!), 1, longest);
        Assert.Equal("close", reply.Header("Connection"));
    }

    private static void AssertRefused(HttpReply reply, string code) => Upgrades.RefusalTests.AssertProblem(reply, 503, code);

    private Task<FrontEndHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    private Task<FrontEndHost> StartAsync(LogCapture? logs, params (string Key, string Value)[] settings) => FrontEndHost.StartAsync(
        settings.ToDictionary(s => $"FrontEnd:Admission:{s.Key}", s => (string?)s.Value), _clock, logs: logs);
}
