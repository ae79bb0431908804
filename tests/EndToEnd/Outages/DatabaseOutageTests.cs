using System.Net;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Scenes;
using Firezone.Shared.Peers;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Outages;

/// <summary>
/// What devices see while the portal's database is away in one way or another: sessions stay, flows fail closed in bounded time, connects are
/// told to come back, and everything goes on by itself afterwards.
/// </summary>
public sealed class DatabaseOutageTests(OutageFixture fixture, ITestOutputHelper output) : IClassFixture<OutageFixture>
{
    // The portal gives a flow five seconds and a connect two; the rest is for a machine that does other things too.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Connections_that_are_refused() => OutageAsync(
        () =>
        {
            fixture.Proxy.Refuse = true;
            fixture.Proxy.CutAll();
            return Task.CompletedTask;
        },
        () =>
        {
            fixture.Proxy.Refuse = false;
            return Task.CompletedTask;
        });

    [Fact]
    public Task A_server_that_stands_still() => OutageAsync(
        () =>
        {
            fixture.Proxy.Pause();
            return Task.CompletedTask;
        },
        () =>
        {
            fixture.Proxy.Resume();
            return Task.CompletedTask;
        });

    [Fact]
    public Task A_server_that_is_too_slow() => OutageAsync(
        () =>
        {
            fixture.Proxy.Delay = TimeSpan.FromSeconds(6);
            return Task.CompletedTask;
        },
        () =>
        {
            fixture.Proxy.Delay = TimeSpan.Zero;
            return Task.CompletedTask;
        });

    [Fact]
    public async Task A_slow_server_is_waited_for()
    {
        await using var flow = await fixture.FlowAsync();
        fixture.Proxy.Delay = TimeSpan.FromMilliseconds(100);
        try
        {
            await GrantedAsync(flow);
            await AdmittedAsync(flow, flow.Client.Connect);
        }
        finally
        {
            fixture.Proxy.Delay = TimeSpan.Zero;
        }
    }

    [Fact]
    public async Task A_primary_that_only_reads_lets_known_devices_in_and_grants_nothing()
    {
        await using var flow = await fixture.FlowAsync();
        await ReadOnlyAsync(true);
        try
        {
            while (true)
            {
                await flow.Client.AskAsync(flow.Lab);
                var answer = await flow.Client.NextAsync();
                if (answer == "flow_creation_failed Lab offline")
                    break;
                Assert.Equal("flow_created Lab", answer); // not told yet
            }

            var stranger = await flow.Scene.AnswerAsync(flow.Client.Connect.With("external_id", "new").With("public_key", TestAccount.NewKey()));
            AssertRefused(stranger);
            Assert.Equal(101, await flow.Scene.StatusAsync(flow.Client.Connect));
        }
        finally
        {
            await ReadOnlyAsync(false);
        }

        await AdmittedAsync(flow, flow.Client.Connect.With("external_id", "new").With("public_key", TestAccount.NewKey()));
    }

    [Fact]
    public async Task Connects_that_use_up_what_they_may_have_of_the_pool_hold_no_grant_back()
    {
        await using var flow = await fixture.FlowAsync();
        // What only connects read is locked by somebody's migration.
        await using (await fixture.Server.LockAsync("tunnel_addresses"))
        {
            var connects = Enumerable.Range(0, 50).Select(_ => flow.Scene.AnswerAsync(flow.Client.Connect)).ToArray();
            // Those that wait are read together, by two statements at most.
            await flow.Scene.WhenAsync($"select count(*) >= 2 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()");
            var began = TimeProvider.System.GetTimestamp();
            await flow.Client.FlowAsync(flow.Lab);
            output.WriteLine($"granted after {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms");
            foreach (var connect in connects)
                AssertRefused(await connect.WaitAsync(Bound));
        }

        await AdmittedAsync(flow, flow.Client.Connect.With("external_id", "other").With("public_key", TestAccount.NewKey()));
    }

    private async Task OutageAsync(Func<Task> begin, Func<Task> end)
    {
        await using var flow = await fixture.FlowAsync();
        await begin();
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            var connects = Enumerable.Range(0, 30).Select(_ => flow.Scene.AnswerAsync(flow.Client.Connect)).ToArray();
            Assert.Equal("offline", await flow.Client.RefusedAsync(flow.Lab).WaitAsync(Bound));
            output.WriteLine($"flow refused after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
            var answers = await Task.WhenAll(connects).WaitAsync(Bound);
            output.WriteLine($"30 connects refused after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
            Assert.All(answers, AssertRefused);

            // Refused without a look at the database by now, and at once; the process stays in service and says what is the matter.
            AssertRefused(await flow.Scene.AnswerAsync(flow.Client.Connect).WaitAsync(Bound));
            using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, fixture.Portal.FrontEndPort));
            var ready = await peer.RequestAsync("/readyz", ["Host: localhost"]);
            Assert.Equal(200, ready.Status);
            Assert.Contains("\"database\":\"down\"", ready.Body, StringComparison.Ordinal);

            // Nobody restarts it for that.
            foreach (var probe in new[] { "/healthz", "/startupz" })
            {
                using var kubelet = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, fixture.Portal.FrontEndPort));
                Assert.Equal(200, (await kubelet.RequestAsync(probe, ["Host: localhost"])).Status);
            }
        }
        finally
        {
            await end();
        }

        // Over the same sockets.
        var back = TimeProvider.System.GetTimestamp();
        await GrantedAsync(flow);
        output.WriteLine($"granted again {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0.0} s after the end");
        await AdmittedAsync(flow, flow.Client.Connect.With("external_id", "other").With("public_key", TestAccount.NewKey()));
        output.WriteLine($"admitted again {TimeProvider.System.GetElapsedTime(back).TotalSeconds:0.0} s after the end");
    }

    private static void AssertRefused(HttpReply reply)
    {
        Assert.Equal(503, reply.Status);
        Assert.Contains(reply.Code, new[] { "unavailable", "overloaded" });
        Assert.InRange(int.Parse(reply.Header("Retry-After")!), 1, 5);
    }

    /// <summary>Asks as a device does, again and again.</summary>
    private static async Task GrantedAsync(FlowScene flow)
    {
        using var limit = new CancellationTokenSource(Patience);
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            await flow.Client.AskAsync(flow.Lab);
        }
        while (await flow.Client.NextAsync() != "flow_created Lab");
    }

    /// <summary>Connects again and again until it is answered as it should.</summary>
    private static async Task AdmittedAsync(FlowScene flow, Connect connect)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await flow.Scene.StatusAsync(connect) != 101)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
    }

    private async Task ReadOnlyAsync(bool readOnly)
    {
        await fixture.Server.ExecuteAsync($"alter system set default_transaction_read_only = {(readOnly ? "on" : "off")}");
        await fixture.Server.ExecuteAsync("select pg_reload_conf()");
    }
}
