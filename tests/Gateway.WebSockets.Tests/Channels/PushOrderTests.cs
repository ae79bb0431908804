using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Channels;

public sealed class PushOrderTests
{
    private const long First = 1_000;
    private readonly FakeTimeProvider _clock = new(Tickets.Now);

    [Fact]
    public async Task Pushes_that_arrive_in_any_order_are_written_in_the_order_of_their_numbers()
    {
        await using var host = await NumberedAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;

        foreach (var number in (int[])[4, 0, 2, 1, 3])
            await PushAsync(session, number);

        for (var number = 0; number < 5; number++)
            Assert.Contains($"\"push-{number}\"", await peer.ReceiveTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pushes_of_an_earlier_attach_and_repeated_ones_are_dropped()
    {
        await using var host = await NumberedAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;

        await PushAsync(session, -1);
        await PushAsync(session, 1);
        await PushAsync(session, 1);
        await PushAsync(session, 0);
        await PushAsync(session, 0);
        await PushAsync(session, 2);

        for (var number = 0; number < 3; number++)
            Assert.Contains($"\"push-{number}\"", await peer.ReceiveTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_that_never_comes_makes_the_session_attach_again_and_what_waited_for_it_is_dropped()
    {
        await using var host = await NumberedAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(FakeDevice.Attached("""{"again":true}""") with { FirstPush = First + 100 });

        await PushAsync(session, 1);
        await session.FrontEnd.CheckPushes([Guid.NewGuid(), session.SessionId], [First + 2, First + 2]);

        var (again, resume) = await host.Cluster.Client.Attaches.NextAsync();
        Assert.Equal(session.SessionId, again.SessionId);
        Assert.NotNull(resume);
        Assert.Contains("\"again\"", await peer.ReceiveTextAsync(), StringComparison.Ordinal);
        await PushAsync(session, 100);
        Assert.Contains("\"push-100\"", await peer.ReceiveTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_push_is_missed_too_and_one_that_has_come_is_not()
    {
        await using var host = await NumberedAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;
        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(FakeDevice.Attached(null) with { FirstPush = First + 100 });

        await PushAsync(session, 0);
        await session.FrontEnd.CheckPushes([session.SessionId], [First + 1]);
        await PushAsync(session, 1);
        await session.FrontEnd.CheckPushes([session.SessionId], [First + 3]);

        Assert.NotNull((await host.Cluster.Client.Attaches.NextAsync()).Resume);
        await session.FrontEnd.CheckPushes([session.SessionId], [First + 100]);
        await PushAsync(session, 100);
        for (var number = 0; number < 2; number++)
            Assert.Contains($"\"push-{number}\"", await peer.ReceiveTextAsync(), StringComparison.Ordinal);
        Assert.Contains("\"push-100\"", await peer.ReceiveTextAsync(), StringComparison.Ordinal);
        Assert.True(host.Cluster.Client.Attaches.IsEmpty);
    }

    [Fact]
    public async Task Answers_and_candidates_of_an_earlier_attach_are_passed_on()
    {
        await using var host = await NumberedAsync();
        using var peer = await host.JoinedClientAsync();
        var session = (await host.Cluster.Client.Attaches.NextAsync()).Session;

        await session.FrontEnd.Push(session.SessionId, First - 2, "flow_created", "{}"u8.ToArray(), 0);
        await PushAsync(session, -1);
        await session.FrontEnd.Push(session.SessionId, First - 1, "ice_candidates", "{}"u8.ToArray(), 0);
        await PushAsync(session, 0);

        foreach (var name in (string[])["flow_created", "ice_candidates", "push-0"])
            Assert.Contains($"\"{name}\"", await peer.ReceiveTextAsync(), StringComparison.Ordinal);
    }

    private async Task<FrontEndHost> NumberedAsync()
    {
        var host = await FrontEndHost.StartAsync(clock: _clock);
        host.Cluster.Client.OnAttach = (_, _) => Task.FromResult(FakeDevice.Attached("""{"hello":true}""") with { FirstPush = First });
        return host;
    }

    private static Task PushAsync(SessionRef session, int number) =>
        session.FrontEnd.Push(session.SessionId, First + number, $"push-{number}", "{}"u8.ToArray(), 0);
}
