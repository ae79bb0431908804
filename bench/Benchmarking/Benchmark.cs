using System.Net;
using Firezone.Bench.Load;
using Firezone.Bench.Measure;

namespace Firezone.Bench.Benchmarking;

/// <summary>Plays a plan against a server and reads its process meanwhile.</summary>
internal sealed class Benchmark(
    IPEndPoint server, ServerProcess process, Credentials credentials, BenchmarkPlan plan, Action<string> progress) : IDisposable
{
    private const string Client = "client";
    private readonly Fleet _fleet = new(server);
    private readonly List<Figure> _figures = [];
    private readonly List<string> _errors = [];

    public BenchmarkResult Run()
    {
        progress("relay and gateways connect");
        Connect([new Identity("relay", 0, credentials.RelayToken)]);
        Connect([.. Enumerable.Range(0, plan.Gateways).Select(number => new Identity("gateway", number, credentials.GatewayToken))]);
        WarmUp();

        // Memory before flows: these leave authorizations behind, which are no part of an idle session.
        var (emptyRss, emptyPss) = process.Memory();
        var sessions = plan.Clients[^1];
        var clients = MeasureConnects("connect of a new device", Clients(0, sessions));
        progress("rest");
        _fleet.Rest(plan.Rest);
        var cpu = process.Cpu();
        _fleet.Rest(plan.Rest);
        var coresAtRest = (process.Cpu() - cpu) / plan.Rest;
        var (rss, pss) = process.Memory();
        Measure("heartbeat", plan.Heartbeats, () => _fleet.Heartbeats(clients, plan.Heartbeats, plan.Concurrency));
        _fleet.Close(clients);
        _fleet.Rest(plan.Rest / 2);

        var flows = MeasureFlows();
        return new BenchmarkResult
        {
            Figures = _figures,
            Sessions = sessions,
            RssPerSession = (double)(rss - emptyRss) / sessions,
            PssPerSession = (double)(pss - emptyPss) / sessions,
            EmptyRss = emptyRss,
            CoresAtRest = coresAtRest,
            FlowRatios = flows.ToDictionary(pair => pair.Key, pair => pair.Value / flows[plan.Clients[0]]),
            Errors = string.Join("; ", _errors),
        };
    }

    public void Dispose() => _fleet.Dispose();

    /// <summary>Twice, with a pause: a JIT compiles its second tier only after the first has run for a while.</summary>
    private void WarmUp()
    {
        for (var round = 0; round < 2; round++)
        {
            progress($"warm-up {round + 1} of 2");
            var clients = Connect(Clients(plan.Clients[^1], plan.WarmupClients));
            _fleet.Flows(clients, credentials.Resources, plan.WarmupOperations, plan.Concurrency);
            _fleet.Heartbeats(clients, plan.WarmupOperations, plan.Concurrency);
            _fleet.Close(clients);
            _fleet.Rest(plan.Rest / 2);
        }
    }

    /// <summary>
    /// CPU of a flow by number of connected clients, which come back step by step: their rows exist by now, as after an outage.
    /// </summary>
    private Dictionary<int, double> MeasureFlows()
    {
        var flows = new Dictionary<int, double>();
        var clients = new List<LoadSocket>();
        foreach (var count in plan.Clients)
        {
            var more = Clients(clients.Count, count - clients.Count);
            clients.AddRange(count == plan.Clients[^1] ? MeasureConnects("connect of a known device", more) : Connect(more));
            _fleet.Rest(plan.Rest / 4);
            flows[count] = Measure($"flow, {count:N0} clients connected", plan.Flows,
                () => _fleet.Flows(clients, credentials.Resources, plan.Flows, plan.Concurrency));
        }

        return flows;
    }

    private List<LoadSocket> MeasureConnects(string name, List<Identity> identities)
    {
        progress(name);
        var sockets = new List<LoadSocket>();
        var cpu = process.Cpu();
        var outcome = _fleet.Connect(identities, plan.Concurrency * 4, sockets);
        Keep(outcome);
        _figures.Add(Figure(name, [(process.Cpu() - cpu).TotalSeconds * 1000 / identities.Count], outcome));
        return sockets;
    }

    private double Measure(string name, int operations, Func<PhaseOutcome> play)
    {
        var costs = new List<double>();
        PhaseOutcome? outcome = null;
        for (var repetition = 0; repetition < plan.Repetitions; repetition++)
        {
            progress($"{name} ({repetition + 1} of {plan.Repetitions})");
            var cpu = process.Cpu();
            outcome = play();
            Keep(outcome);
            costs.Add((process.Cpu() - cpu).TotalSeconds * 1000 / operations);
        }

        _figures.Add(Figure(name, costs, outcome!));
        return Median(costs);
    }

    private static Figure Figure(string name, List<double> costs, PhaseOutcome last) => new(
        name,
        Median(costs),
        costs.Count > 1 ? (costs.Min(), costs.Max()) : null,
        last.Operations / last.Elapsed.TotalSeconds,
        last.Latencies.Quantile(0.5),
        last.Latencies.Quantile(0.99));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private List<LoadSocket> Connect(IReadOnlyList<Identity> identities)
    {
        var sockets = new List<LoadSocket>();
        Keep(_fleet.Connect(identities, plan.Concurrency * 4, sockets));
        return sockets;
    }

    private List<Identity> Clients(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => new Identity(Client, number, credentials.ClientTokens[number]))];

    private void Keep(PhaseOutcome outcome)
    {
        if (outcome.Errors.Length > 0)
            _errors.Add(outcome.Errors);
    }
}
