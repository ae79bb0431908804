using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Cluster;

public sealed class ReattachTests
{
    private readonly FakeTimeProvider _clock = new(Tickets.Now);

    [Fact]
    public async Task A_session_whose_silo_has_left_is_attached_again_and_its_socket_stays_silent_if_nothing_changed()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var first = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        await first.FrontEnd.Push(first.SessionId, 0, "change", "1"u8.ToArray(), 42);
        await peer.ReceiveTextAsync();

        LoseSilo(host);

        var (session, resume) = await NextAttachAsync(host);
        Assert.Equal((first.SessionId, first.OpenedAt, 42ul), (session.SessionId, session.OpenedAt, resume!.ViewHash));
        await AnswersHeartbeatNextAsync(peer);
    }

    [Fact]
    public async Task What_has_changed_meanwhile_comes_before_what_the_new_activation_pushes()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        await host.Cluster.Client.Attaches.NextAsync();
        host.Cluster.Client.OnAttach = async (session, _) =>
        {
            await session.FrontEnd.Push(session.SessionId, 0, "later", "1"u8.ToArray(), 0);
            return FakeDevice.Attached("""{"again":true}""", viewHash: 7, silo: "silo-2");
        };

        LoseSilo(host);

        await NextAttachAsync(host);
        Assert.Equal("""{"topic":"client","event":"init","payload":{"again":true},"ref":null}""", await peer.ReceiveTextAsync());
        Assert.Contains("\"later\"", await peer.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(AttachStatus.Superseded, false)]
    [InlineData(AttachStatus.Gone, true)]
    public async Task A_session_that_is_over_is_closed(AttachStatus status, bool phxClose)
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        await host.Cluster.Client.Attaches.NextAsync();
        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(new AttachResult(status, null, 0, "silo-2"));

        LoseSilo(host);

        await NextAttachAsync(host);
        if (phxClose)
            Assert.Contains("phx_close", await peer.ReceiveTextAsync());
        var frame = await peer.ReceiveFrameAsync();
        Assert.Equal((RawFrame.CloseOpcode, 1000), (frame.Opcode, frame.CloseCode));
    }

    [Fact]
    public async Task A_failed_attach_is_tried_again_with_the_next_renewal_and_pushes_go_on()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var first = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        var fails = true;
        host.Cluster.Client.OnAttach = (_, _) =>
            fails ? throw new InvalidOperationException("not yet") : Task.FromResult(FakeDevice.Attached(null, silo: "silo-2"));

        LoseSilo(host);
        await NextAttachAsync(host);
        await first.FrontEnd.Push(first.SessionId, 0, "meanwhile", "1"u8.ToArray(), 0);

        var (text, _) = await host.AdvanceUntilAsync(peer.ReceiveTextAsync(), TimeSpan.FromMilliseconds(100));
        Assert.Contains("\"meanwhile\"", text);
        fails = false;
        await NextAttachAsync(host);
        await AnswersHeartbeatNextAsync(peer);
    }

    [Fact]
    public async Task A_socket_that_ends_during_an_attach_leaves_no_session_behind()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        var attached = new TaskCompletionSource<AttachResult>();
        host.Cluster.Client.OnAttach = (_, _) => attached.Task;
        LoseSilo(host);
        await NextAttachAsync(host);

        await peer.SendCloseAsync(1000);
        Assert.Equal(session.SessionId, await host.Cluster.Client.Detaches.NextAsync());
        attached.SetResult(FakeDevice.Attached(null, silo: "silo-2"));

        Assert.Equal(session.SessionId, await host.Cluster.Client.Detaches.NextAsync());
    }

    [Fact]
    public async Task A_session_whose_client_asks_for_something_is_attached_before_others_that_wait()
    {
        await using var host = await FrontEndHost.StartAsync(
            new Dictionary<string, string?> { ["FrontEnd:MaxConcurrentReattaches"] = "1" }, clock: _clock);
        var client = host.Cluster.Client;
        using var first = await host.JoinedClientAsync();
        var firstSession = (await client.Attaches.NextAsync()).Session.SessionId;
        using var second = await host.JoinedClientAsync();
        var secondSession = (await client.Attaches.NextAsync()).Session.SessionId;
        var never = new TaskCompletionSource<AttachResult>();
        client.OnAttach = (_, _) => never.Task;
        LoseSilo(host);
        var attached = (await NextAttachAsync(host)).Session.SessionId;
        var (other, waiting) = attached == firstSession ? (second, secondSession) : (first, firstSession);

        await other.SendTextAsync(
            $$$"""{"topic":"client","event":"create_flow","payload":{"resource_id":"{{{Guid.NewGuid()}}}","connected_gateway_ids":[]},"ref":3}""");

        Assert.Equal(waiting, (await client.Attaches.NextAsync()).Session.SessionId);
    }

    [Fact]
    public async Task A_late_verdict_on_a_session_that_was_replaced_on_its_socket_does_not_end_the_socket()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        await host.Cluster.Client.Attaches.NextAsync();
        var verdict = new TaskCompletionSource<AttachResult>();
        host.Cluster.Client.OnAttach = (_, resume) =>
            resume is null ? Task.FromResult(FakeDevice.Attached("{}", silo: "silo-2")) : verdict.Task;
        LoseSilo(host);
        await NextAttachAsync(host);

        await peer.SendTextAsync(FrontEndHost.Join);
        Assert.Contains("phx_close", await peer.ReceiveTextAsync());
        Assert.Contains("phx_reply", await peer.ReceiveTextAsync());
        Assert.Contains("\"init\"", await peer.ReceiveTextAsync());
        verdict.SetResult(new AttachResult(AttachStatus.Superseded, null, 0, "silo-2"));

        await AnswersHeartbeatNextAsync(peer);
        await AnswersHeartbeatNextAsync(peer);
    }

    [Fact]
    public async Task The_lease_is_renewed_every_third_of_its_duration()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        await host.Cluster.Directory.Renewals.NextAsync();
        using var peer = await host.JoinedClientAsync();

        // 15 s / 3, give or take a tenth.
        var (sessions, advanced) = await host.AdvanceUntilAsync(host.Cluster.Directory.Renewals.NextAsync(), TimeSpan.FromMilliseconds(100));

        Assert.Equal(1, sessions);
        Assert.True(advanced >= TimeSpan.FromSeconds(4.4), $"{advanced}");
    }

    [Fact]
    public async Task After_a_lapsed_lease_every_session_is_attached_again()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        await host.Cluster.Client.Attaches.NextAsync();
        host.Cluster.Directory.Failure = new TimeoutException();
        var attach = host.Cluster.Client.Attaches.NextAsync();

        // All silos are well all the time; only the lease runs out.
        for (var i = 0; i < 5; i++)
            await host.AdvanceUntilAsync(host.Cluster.Directory.Renewals.NextAsync(), TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(20));
        host.Cluster.Directory.Failure = null;

        Assert.NotNull((await host.AdvanceUntilAsync(attach, TimeSpan.FromMilliseconds(100))).Result.Resume);
    }

    [Fact]
    public async Task A_lease_is_counted_from_before_its_renewal_was_asked_for()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        var directory = host.Cluster.Directory;
        await directory.Renewals.NextAsync();
        using var peer = await host.JoinedClientAsync();
        await host.Cluster.Client.Attaches.NextAsync();
        var attach = host.Cluster.Client.Attaches.NextAsync();
        var answer = new TaskCompletionSource();
        directory.OnRenew = () => answer.Task;
        await host.AdvanceUntilAsync(directory.Renewals.NextAsync(), TimeSpan.FromMilliseconds(100));

        // The answer takes 4.5 s, and then none comes until the lease has run out by the cluster's count, but not by the answer's.
        _clock.Advance(TimeSpan.FromSeconds(4.5));
        directory.OnRenew = () => Task.CompletedTask;
        answer.SetResult();
        directory.Failure = new TimeoutException();
        for (var i = 0; i < 106; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(200, (await host.RequestAsync(new Connect("/healthz", new Dictionary<string, string?>(), ["Host: x"]))).Status);
        }

        directory.Failure = null;

        Assert.NotNull((await host.AdvanceUntilAsync(attach, TimeSpan.FromMilliseconds(100))).Result.Resume);
    }

    [Fact]
    public async Task A_renewal_that_fails_while_the_keeper_is_stopped_is_not_a_failure_of_the_keeper()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        var directory = host.Cluster.Directory;
        var keeper = host.Service<LeaseKeeper>();
        await directory.Renewals.NextAsync();
        directory.OnRenew = () =>
        {
            keeper.StopRenewing();
            throw new InvalidOperationException("stopping");
        };

        await host.AdvanceUntilAsync(directory.Renewals.NextAsync(), TimeSpan.FromMilliseconds(100));

        await keeper.ExecuteTask!.WaitAsync(RawPeer.Patience);
    }

    [Fact]
    public async Task An_attach_after_a_lapsed_lease_that_fails_is_tried_again_though_its_silo_is_well()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        var fails = true;
        var attached = new TaskCompletionSource<Guid>();
        host.Cluster.Client.OnAttach = (again, _) =>
        {
            if (fails)
                throw new InvalidOperationException("not yet");
            attached.TrySetResult(again.SessionId);
            return Task.FromResult(FakeDevice.Attached(null));
        };
        var pass = host.Service<Reattacher>().Check([FakeDevice.Silo], all: true);
        await host.AdvanceUntilAsync(Finished(pass), TimeSpan.FromMilliseconds(100));

        fails = false;

        Assert.Equal(session.SessionId, (await host.AdvanceUntilAsync(attached.Task, TimeSpan.FromMilliseconds(100))).Result);
    }

    [Fact]
    public async Task A_lease_that_lapses_during_a_pass_has_every_session_attached_again_after_it()
    {
        await using var host = await FrontEndHost.StartAsync(clock: _clock);
        using var peer = await host.JoinedClientAsync();
        await host.Cluster.Client.Attaches.NextAsync();
        var attached = new TaskCompletionSource<AttachResult>();
        host.Cluster.Client.OnAttach = (_, _) => attached.Task;
        var reattacher = host.Service<Reattacher>();
        var pass = reattacher.Check([], all: false);
        await host.Cluster.Client.Attaches.NextAsync();

        await reattacher.Check([FakeDevice.Silo], all: true);
        attached.SetResult(FakeDevice.Attached(null));
        await pass;
        await reattacher.Check([FakeDevice.Silo], all: false);

        Assert.False(host.Cluster.Client.Attaches.IsEmpty);
    }

    private static async Task<bool> Finished(Task task)
    {
        await task;
        return true;
    }

    /// <summary>The first renewal that succeeds tells the front-end of the loss.</summary>
    private static void LoseSilo(FrontEndHost host) => host.Cluster.Directory.ActiveSilos = ["silo-2"];

    private static async Task<(SessionRef Session, Resume? Resume)> NextAttachAsync(FrontEndHost host) =>
        (await host.AdvanceUntilAsync(host.Cluster.Client.Attaches.NextAsync(), TimeSpan.FromMilliseconds(100))).Result;

    private static async Task AnswersHeartbeatNextAsync(RawPeer peer)
    {
        await peer.SendTextAsync("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":99}""");
        Assert.Contains("\"ref\":99", await peer.ReceiveTextAsync());
    }
}
