using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.Inputs;
using Firezone.Edge.PortalClient.Outgoing;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.PortalClient.Retry;
using Firezone.Edge.PortalClient.States;
using Firezone.Edge.Tests.PortalClient.Support;

namespace Firezone.Edge.Tests.PortalClient;

public sealed class ChannelMachineTests
{
    [Fact]
    public void A_queue_that_overflows_before_the_join_starts_over()
    {
        var run = new MachineRun();
        run.Input(new ConnectRequested());
        for (var i = 0; i < ChannelMachine.QueueCapacity; i++)
            Assert.Equal(SendOutcome.Accepted, run.Send("m" + i));

        Assert.Equal(SendOutcome.DroppedOlder, run.Send("last"));

        Assert.Equal(1, run.Machine.Waiting);
        run.Join();
        Assert.Equal(["phx_join", "last"], run.Written);
    }

    [Fact]
    public void A_joined_channel_refuses_what_its_socket_cannot_take()
    {
        var run = new MachineRun();
        run.Join();
        Assert.Equal(SendOutcome.Accepted, run.Send("in flight"));
        for (var i = 0; i < ChannelMachine.QueueCapacity; i++)
            Assert.Equal(SendOutcome.Accepted, run.Send("m" + i));

        Assert.Equal(SendOutcome.Full, run.Send("one too many"));

        run.Input(new FrameWritten(1));
        Assert.Equal(SendOutcome.Accepted, run.Send("now it fits"));
    }

    [Fact]
    public void A_message_equal_to_one_that_waits_is_not_queued_again()
    {
        var run = new MachineRun();
        run.Join();
        run.Send("a", "1");

        Assert.Equal(SendOutcome.Accepted, run.Send("a", "1"));
        Assert.Equal(SendOutcome.Duplicate, run.Send("a", "1"));
        Assert.Equal(SendOutcome.Accepted, run.Send("a", "2"));
        Assert.Equal(SendOutcome.Accepted, run.Send("b", "1"));
        Assert.Equal(3, run.Machine.Waiting);
    }

    [Fact]
    public void Messages_that_wait_survive_a_lost_socket()
    {
        var run = new MachineRun();
        run.Join();
        run.Send("lost with the socket");
        run.Send("kept");

        run.Input(new SocketLost(1, "gone"));
        run.Wait(TimeSpan.FromSeconds(1));
        run.Input(new SocketOpened(2));
        run.Input(new FrameWritten(2));
        run.Receive("phx_reply", """{"status":"ok","response":{}}""", 0);

        Assert.Equal(["phx_join", "lost with the socket", "phx_join", "kept"], run.Written);
    }

    [Fact]
    public void What_an_abandoned_socket_still_says_is_ignored()
    {
        var run = new MachineRun();
        run.Join();
        run.Input(new ConnectRequested());
        var before = run.Published.Count;

        run.Input(new SocketLost(1, "gone"));
        run.Input(new SocketRefused(1, new UpgradeFailure(401, null, "401")));
        run.Input(new FrameReceived(1, new("client", "disconnect", null, """{"reason":"token_expired"}"""u8.ToArray())));
        run.Input(new FrameWritten(1));

        Assert.Equal(before, run.Published.Count);
        Assert.Equal(2, Assert.IsType<Connecting>(run.Machine.State).Number);
    }

    [Fact]
    public void A_socket_that_takes_nothing_is_noticed()
    {
        var run = new MachineRun();
        run.Join();
        run.Send("never leaves");

        run.Wait(TimeSpan.FromSeconds(119));
        Assert.IsType<Joined>(run.Machine.State);
        run.Wait(TimeSpan.FromSeconds(1));

        Assert.IsType<PortalHiccup>(run.Published[^1]);
    }

    [Fact]
    public void A_gateway_that_was_joined_goes_on_for_a_day_and_gives_up_then()
    {
        var run = new MachineRun(new RetrySettings { PartitionLimit = TimeSpan.FromHours(24) }, new Random(3).NextDouble);
        run.Join();
        run.Input(new SocketLost(1, "gone"));
        var start = run.Now;

        while (run.Machine.State is not Closed)
        {
            run.Wait(run.Machine.Deadline!.Value - run.Now);
            if (run.Live is { } attempt)
                run.Input(new SocketRefused(attempt, new UpgradeFailure(null, null, "connection refused")));
        }

        Assert.InRange(run.Now - start, TimeSpan.FromHours(24) - TimeSpan.FromSeconds(90), TimeSpan.FromHours(24));
        Assert.InRange(run.Attempts, 1300, 1600);
        var fatal = Assert.IsType<PortalFatal>(run.Published[^1]);
        Assert.Equal(FatalReason.GaveUp, fatal.Reason);
        Assert.Contains("connection refused", fatal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_that_has_ended_takes_no_messages()
    {
        var run = new MachineRun();
        Assert.Equal(SendOutcome.Closed, run.Send("early"));
        run.Join();
        run.Input(new CloseRequested());
        Assert.Equal(SendOutcome.Closed, run.Send("late"));
        Assert.Null(run.Machine.Deadline);
    }
}
