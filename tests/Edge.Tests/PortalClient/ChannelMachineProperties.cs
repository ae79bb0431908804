using CsCheck;
using Firezone.Edge.PortalClient.Inputs;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.PortalClient.Retry;
using Firezone.Edge.PortalClient.States;
using Firezone.Edge.Tests.PortalClient.Support;

namespace Firezone.Edge.Tests.PortalClient;

/// <summary>
/// Random lives of a channel. What must hold after every step (one socket at a time, one write at a time, nothing but the join and
/// heartbeats before its acknowledgement, no number used twice, a bounded queue) is checked by <see cref="MachineRun"/>.
/// </summary>
public sealed class ChannelMachineProperties
{
    private static readonly string[] Pushes = ["init", "phx_error", "phx_close", "disconnect", "phx_reply"];

    private static readonly Gen<Action<MachineRun>> Happenings = Gen.Frequency(
        (6, Gen.Double[0, 40].Select<double, Action<MachineRun>>(seconds => run => run.Wait(TimeSpan.FromSeconds(seconds)))),
        (6, Attempt(attempt => new SocketOpened(attempt))),
        (8, Attempt(attempt => new FrameWritten(attempt))),
        (2, Attempt(attempt => new SocketLost(attempt, "lost"))),
        (2, Gen.Select(Gen.Int[400, 504], Gen.Int[-1, 600]).SelectMany((status, after) => Attempt(attempt => new SocketRefused(
            attempt, new UpgradeFailure(status == 401 ? 402 : status, after < 0 ? null : TimeSpan.FromSeconds(after), "refused"))))),
        (8, Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3]).Select<(int, int), Action<MachineRun>>(
            m => run => run.Send("m" + m.Item1, m.Item2.ToString()))),
        (6, Reply("client", """{"status":"ok","response":{}}""")),
        (1, Reply("client", """{"status":"error","response":{"reason":"unmatched topic"}}""", joinToo: false)),
        (1, Reply("client", """{"status":"ok","response":{"id":1}}""")),
        (2, Reply("phoenix", """{"status":"ok","response":{}}""")),
        (1, Gen.Int[0, Pushes.Length - 1].Select<int, Action<MachineRun>>(i => run => run.Receive(Pushes[i], "{}"))),
        (1, Gen.Const<Action<MachineRun>>(run => run.Input(new TimeElapsed()))),
        (1, Gen.Const<Action<MachineRun>>(run => run.Input(new ConnectRequested()))));

    [Fact]
    public void Every_life_keeps_the_rules() =>
        Gen.Select(Happenings.Array[1, 120], Gen.Int).Sample(
            (happenings, seed) =>
            {
                var run = Live(happenings, seed);
                foreach (var hiccup in run.Published.OfType<PortalHiccup>())
                    Assert.InRange(hiccup.Delay, TimeSpan.FromSeconds(0.25), TimeSpan.FromMinutes(5));
            },
            iter: 3000);

    [Fact]
    public void Without_a_401_or_a_refused_join_a_channel_only_ends_by_giving_up() =>
        Gen.Select(Happenings.Array[1, 120], Gen.Int).Sample(
            (happenings, seed) => Assert.All(
                Live(happenings, seed).Published.OfType<PortalFatal>(), fatal => Assert.Equal(FatalReason.GaveUp, fatal.Reason)),
            iter: 1000);

    [Fact]
    public void A_channel_that_is_not_closed_always_has_something_to_wait_for() =>
        Gen.Select(Happenings.Array[1, 120], Gen.Int).Sample(
            (happenings, seed) =>
            {
                var machine = Live(happenings, seed).Machine;
                Assert.Equal(machine.State is Closed, machine.Deadline is null);
            },
            iter: 1000);

    [Fact]
    public void Whatever_happened_a_healthy_portal_joins_a_living_channel_again() =>
        Gen.Select(Happenings.Array[1, 120], Gen.Int).Sample(
            (happenings, seed) =>
            {
                var run = Live(happenings, seed);
                if (run.Machine.State is Closed)
                    return;
                if (run.Machine.State is Hiccup hiccup)
                    run.Wait(hiccup.RetryAt - run.Now);
                if (run.Machine.State is Joining or Joined)
                    run.Input(new ConnectRequested());
                run.Input(new SocketOpened(run.Live!.Value));
                run.Input(new FrameWritten(run.Live.Value));
                run.Receive("phx_reply", """{"status":"ok","response":{}}""", 0);
                Assert.IsType<Joined>(run.Machine.State);
            },
            iter: 1000);

    private static MachineRun Live(Action<MachineRun>[] happenings, int seed)
    {
        var run = new MachineRun(uniform: new Random(seed).NextDouble);
        run.Input(new ConnectRequested());
        foreach (var happening in happenings)
        {
            happening(run);
            if (run.Machine.State is Closed)
                break;
        }

        return run;
    }

    /// <summary>Mostly for the live socket, sometimes for one that is gone; a write is only reported when there is one.</summary>
    private static Gen<Action<MachineRun>> Attempt(Func<int, ChannelInput> input) =>
        Gen.Int[0, 9].Select<int, Action<MachineRun>>(age => run =>
        {
            var attempt = age == 0 ? run.Attempts - 1 : run.Attempts;
            var reported = input(attempt);
            if (reported is not FrameWritten || attempt != run.Live || run.InFlight is not null)
                run.Input(reported);
        });

    private static Gen<Action<MachineRun>> Reply(string topic, string payload, bool joinToo = true) =>
        Gen.Int[0, 3].Select<int, Action<MachineRun>>(number => run =>
        {
            if (run.Machine.State is Joining joining)
            {
                if (joinToo)
                    run.Receive("phx_reply", payload, joining.JoinRef, topic);
            }
            else
            {
                run.Receive("phx_reply", payload, number, topic);
            }
        });
}
