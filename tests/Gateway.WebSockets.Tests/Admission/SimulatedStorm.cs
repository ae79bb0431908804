using Firezone.Gateway.WebSockets.Admission;

namespace Firezone.Gateway.WebSockets.Tests.Admission;

/// <summary>
/// Devices that connect to a front-end whose work is done one after the other at a fixed pace, and come back when they are told to. No real
/// time passes.
/// </summary>
internal sealed class SimulatedStorm(AdmissionControl control, Random random)
{
    private readonly PriorityQueue<(Step Step, TimeSpan Entered), TimeSpan> _events = new();
    private readonly List<(TimeSpan Entered, TimeSpan Latency)> _latencies = [];
    private TimeSpan _workDone;

    private enum Step
    {
        Arrive,
        Admitted,
        Joined,
    }

    /// <summary>Connects per second that can be served, half of the work being the join.</summary>
    internal required double PerSecond { get; set; }

    /// <summary>From when to when the database does not answer.</summary>
    internal (TimeSpan From, TimeSpan To) Outage { get; set; }

    internal TimeSpan Now { get; private set; }

    internal int Connected { get; private set; }

    internal int Refused { get; private set; }

    internal int MostUnderWay { get; private set; }

    /// <summary>Longest time that an admission took.</summary>
    internal TimeSpan Slowest { get; private set; }

    /// <summary>Longest time that an admission took which began at this time or later.</summary>
    internal TimeSpan SlowestAfter(TimeSpan begin) => _latencies.Where(l => l.Entered >= begin).Select(l => l.Latency).DefaultIfEmpty().Max();

    internal void Arrive(TimeSpan at) => _events.Enqueue((Step.Arrive, default), at);

    /// <summary>Runs until nothing is left to do, or something has gone on for too long.</summary>
    internal void Run(TimeSpan limit)
    {
        while (_events.TryPeek(out var next, out var at) && at < limit)
        {
            _events.Dequeue();
            Now = at;
            switch (next.Step)
            {
                case Step.Arrive:
                    Arrived();
                    break;
                case Step.Admitted:
                    Decided(next.Entered);
                    break;
                default:
                    control.JoinEnded(Now, next.Entered, failed: false);
                    Connected++;
                    break;
            }
        }
    }

    private void Arrived()
    {
        if (control.TryEnter(Now) == EntryVerdict.Entered)
        {
            MostUnderWay = Math.Max(MostUnderWay, control.UnderWay);
            _events.Enqueue((Step.Admitted, Now), IsDown ? Now + TimeSpan.FromSeconds(0.002) : Work());
            return;
        }

        Refused++;
        // Whoever is told seconds comes a little after.
        Arrive(Now + TimeSpan.FromSeconds(control.SendAway(Now, 2, random.NextDouble()) + random.NextDouble() * 0.05));
    }

    private void Decided(TimeSpan entered)
    {
        if (IsDown)
        {
            control.Leave(Now, entered, ConnectEnd.Failed);
            Arrive(Now + TimeSpan.FromSeconds(control.SendAway(Now, 5, random.NextDouble()) + random.NextDouble() * 0.05));
            return;
        }

        _latencies.Add((entered, Now - entered));
        Slowest = Now - entered > Slowest ? Now - entered : Slowest;
        control.Leave(Now, entered, ConnectEnd.Decided);
        control.JoinBegan(Now);
        _events.Enqueue((Step.Joined, Now), Work());
    }

    private bool IsDown => Now >= Outage.From && Now < Outage.To;

    private TimeSpan Work()
    {
        _workDone = (_workDone > Now ? _workDone : Now) + TimeSpan.FromSeconds(0.5 / PerSecond);
        return _workDone;
    }
}
