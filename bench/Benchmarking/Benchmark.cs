using Firezone.Bench.Load;
using Firezone.Bench.Measure;

namespace Firezone.Bench.Benchmarking;

/// <summary>Plays a plan against one server process and reads what that uses meanwhile.</summary>
internal sealed class Benchmark : IDisposable
{
    private const string PushEvent = "resource_created_or_updated";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);
    private readonly BenchmarkPlan _plan;
    private readonly ServerProcess _server;
    private readonly Fleet _fleet;
    private readonly Measured _measured;
    private readonly ResourceRename _change;
    private readonly Action<string> _progress;
    private readonly List<Device> _clients;
    private readonly Pace _closedLoop;

    public Benchmark(Target target, Uri admin, ServerProcess server, Credentials credentials, BenchmarkPlan plan, Action<string> progress)
    {
        _plan = plan;
        _server = server;
        _progress = progress;
        _closedLoop = Pace.Closed(plan.UnderWay);
        _fleet = new Fleet(target, credentials.Resources);
        _measured = new Measured(server, progress);
        _change = new ResourceRename(
            admin, credentials.AdminToken ?? throw new LoadException("The file 'admin' is missing."), credentials.Resources[0]);
        _clients = [.. credentials.ClientTokens.Take(plan.Tokens).Select((token, number) => _fleet.Add(new Identity(Role.Client, number, token)))];

        List<Device> others =
            [.. Enumerable.Range(0, plan.Gateways).Select(n => _fleet.Add(new Identity(Role.Gateway, n, credentials.GatewayToken)))];
        if (credentials.RelayToken is not null)
            others.Insert(0, _fleet.Add(new Identity(Role.Relay, 0, credentials.RelayToken)));
        progress("relay and gateways connect");
        _measured.Check("relay and gateways", _fleet.Connect(others, _closedLoop));
    }

    /// <summary>The first run: makes all devices known, and measures what only new ones cost, and flows by the number of clients.</summary>
    public BenchmarkResult Learn()
    {
        WarmUp(_clients[_plan.Sessions..]);
        var connected = 0;
        foreach (var step in _plan.Steps)
        {
            var more = _clients[connected..step];
            connected = step;
            if (step == _plan.Sessions)
                _measured.Phase(Phases.NewDevices, () => _fleet.Connect(more, _closedLoop));
            else
                _measured.Check("connect", _fleet.Connect(more, _closedLoop));
            _fleet.Rest(Pause);

            // No more under way than the fewest clients have, so that all steps are played alike.
            var pace = Pace.Closed(Math.Min(8, _plan.Steps[0]));
            _measured.Phase(Phases.FlowsWith(step), () => _fleet.Flows(_clients[..step], pace, Extent.For(_plan.Time)));
        }

        _measured.Check("close", _fleet.Close(_clients));
        return _measured.Result(_plan.Sessions);
    }

    /// <summary>A run of everything else, with devices that the database knows and a process that does not.</summary>
    public BenchmarkResult Run()
    {
        var sessions = _clients[.._plan.Sessions];
        WarmUp(sessions[.._plan.Warmup]);
        var some = sessions[.._plan.PacedConnects];
        _measured.Phase(Phases.PacedConnects, () => _fleet.Connect(some, Pace.Open(_plan.ConnectRate)));
        _measured.Check("close", _fleet.Close(some));

        // Memory before flows: these leave authorizations behind, which are no part of a session at rest.
        _fleet.Rest(_plan.Rest / 8);
        var (emptyRss, emptyPss) = _server.Memory();
        _measured.Phase(Phases.Connects, () => _fleet.Connect(sessions, _closedLoop));
        _measured.Value(Phases.InitBytes, _fleet.InitBytes);
        var interval = _fleet.HeartbeatInterval;
        _fleet.HeartbeatInterval = _plan.HeartbeatInterval;
        _measured.Phase(Phases.Rest, () => _fleet.Rest(_plan.Rest));
        _fleet.HeartbeatInterval = interval;
        var (rss, pss) = _server.Memory();
        _measured.Value(Phases.EmptyRss, emptyRss);
        _measured.Value(Phases.Rss, (double)(rss - emptyRss) / sessions.Count);
        _measured.Value(Phases.Pss, (double)(pss - emptyPss) / sessions.Count);

        _measured.Phase(Phases.Heartbeats, () => _fleet.Heartbeats(sessions, _closedLoop, Extent.For(_plan.Time)));
        _measured.Phase(Phases.Flows, () => _fleet.Flows(sessions, _closedLoop, Extent.For(_plan.Time)));
        _fleet.Rest(Pause);
        _measured.Phase(Phases.PacedFlows, () => _fleet.Flows(sessions, Pace.Open(_plan.FlowRate), Extent.For(_plan.Time)));
        MeasurePushes(sessions);

        // A socket's end costs something for a while after its own.
        _measured.Phase(Phases.Closes, () =>
        {
            var outcome = _fleet.Close(sessions);
            _fleet.Rest(Pause);
            return outcome;
        });
        return _measured.Result(sessions.Count);
    }

    public void Dispose()
    {
        _fleet.Dispose();
        _change.Dispose();
    }

    /// <summary>Twice: a JIT compiles its second tier only after the first has run for a while.</summary>
    private void WarmUp(List<Device> clients)
    {
        for (var round = 1; round <= 2; round++)
        {
            _progress($"warm-up {round} of 2");
            _measured.Check("warm-up", _fleet.Connect(clients, _closedLoop));
            _measured.Check("warm-up", _fleet.Flows(clients, _closedLoop, Extent.For(_plan.WarmupTime)));
            _measured.Check("warm-up", _fleet.Heartbeats(clients, _closedLoop, Extent.For(_plan.WarmupTime / 2)));
            for (var push = 0; push < 5; push++)
                _measured.Check("warm-up", _fleet.Push(clients, PushEvent, _change.MakeAsync));
            _measured.Check("warm-up", _fleet.Close(clients));
        }
    }

    private void MeasurePushes(List<Device> sessions)
    {
        var untilLast = new List<double>();
        _measured.Phase(Phases.Pushes, () =>
        {
            var all = new Outcome();
            for (var round = 0; round < _plan.Pushes; round++)
            {
                var outcome = _fleet.Push(sessions, PushEvent, _change.MakeAsync);
                untilLast.Add(outcome.Elapsed.TotalMilliseconds);
                all.Add(outcome);
            }

            return all;
        });
        _measured.Value(Phases.LastPush, Statistics.Median(untilLast));
    }
}
