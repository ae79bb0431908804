using Firezone.Bench.Load;

namespace Firezone.Cli.Sizing;

/// <summary>Plays a plan: gateways and clients connect, flows and heartbeats, everybody leaves.</summary>
internal sealed class SizingRun(Target target, SizingPlan plan, Credentials credentials, SizingProgress progress)
{
    private readonly List<SizingPhase> _phases = [];

    /// <summary>What came of it so far, even after an interrupt.</summary>
    public IReadOnlyList<SizingPhase> Phases => _phases;

    /// <summary>Plays everything on a thread of its own.</summary>
    public Task PlayAsync(CancellationToken ct) =>
        Task.Factory.StartNew(() => Play(ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Play(CancellationToken ct)
    {
        using var fleet = new Fleet(target, credentials.Resources, ct) { HeartbeatInterval = plan.HeartbeatInterval, Progress = progress.Tell };
        List<Device> others =
            [.. Enumerable.Range(0, plan.Gateways).Select(n => fleet.Add(new Identity(Role.Gateway, n, credentials.GatewayToken)))];
        if (credentials.RelayToken is not null)
            others.Insert(0, fleet.Add(new Identity(Role.Relay, 0, credentials.RelayToken)));
        var tokens = credentials.ClientTokens;
        List<Device> clients =
            [.. Enumerable.Range(0, plan.Clients).Select(n => fleet.Add(new Identity(Role.Client, n, tokens[n % tokens.Count])))];

        var flows = plan.FlowRate * plan.Duration.TotalSeconds;

        // One token is let in once per second from an address.
        var first = target.IsLoopback ? Pace.Closed(64) : Pace.Open(1);
        Phase(fleet, "gateways connect", others.Count, () => fleet.Connect(others, first));
        Phase(fleet, "clients connect", clients.Count, () => fleet.Connect(clients, Pace.Open(plan.ConnectRate)));
        if (plan.FlowRate > 0)
            Phase(fleet, "flows", flows, () => fleet.Flows(clients, Pace.Open(plan.FlowRate), Extent.For(plan.Duration)));
        else
            Phase(fleet, "rest", 0, () => fleet.Rest(plan.Duration));
        Phase(fleet, "clients leave", clients.Count, () => fleet.Close(clients));
    }

    private void Phase(Fleet fleet, string name, double operations, Func<Outcome> play)
    {
        progress.Begin(name, operations, plan.Duration);
        try
        {
            _phases.Add(new SizingPhase(name, play()));
        }
        catch (OperationCanceledException)
        {
            _phases.Add(new SizingPhase($"{name}, interrupted", fleet.Unfinished()));
            throw;
        }
    }
}
