using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>A cluster, its database and its network in virtual time. Everything that happens follows from the seed.</summary>
internal sealed class World
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Number)> _events = new();
    private readonly Dictionary<SiloId, SimulatedSilo> _incarnations = [];
    private readonly SimulatedSilo?[] _hosts;
    private readonly bool[] _signals;
    private readonly bool _gossips;
    private long _number;
    private int _generation;

    public World(int seed, bool logs)
    {
        Random = new Random(seed);
        Log = logs ? new EventLog(this) : null;
        Weather = new Weather(this);
        Network = new SimulatedNetwork(this);
        Database = new SimulatedDatabase(this);
        ClocksDrift = Random.Next(2) == 0;
        _gossips = Random.Next(2) == 0;
        _hosts = new SimulatedSilo?[Random.Next(2, 8)];
        var mixed = Random.Next(5) == 0;
        _signals = [.. _hosts.Select(_ => !mixed || Random.Next(3) > 0)];
    }

    public Random Random { get; }

    public EventLog? Log { get; }

    public Weather Weather { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedDatabase Database { get; }

    public bool ClocksDrift { get; }

    /// <summary>How often each kind of action was taken, suspicions and deaths by their cause.</summary>
    public Dictionary<string, int> Taken { get; } = [];

    /// <summary>Whether statements on the table fail half of the time.</summary>
    public bool TableFails { get; set; }

    /// <summary>Whether processes are held up in the middle of probes.</summary>
    public bool ProbesStall { get; set; }

    public TimeSpan Now { get; private set; }

    public int Hosts => _hosts.Length;

    public IEnumerable<SimulatedSilo> Running => _hosts.Where(silo => silo is { IsProcess: true })!;

    public IEnumerable<SimulatedSilo> All => _incarnations.Values;

    /// <summary>The process that runs there, or ran last.</summary>
    public SimulatedSilo? On(int host) => _hosts[host];

    public SimulatedSilo Incarnation(SiloId silo) => _incarnations[silo];

    public TimeSpan Milliseconds(int from, int to) => TimeSpan.FromTicks(Random.NextInt64(from * 10_000L, to * 10_000L + 1));

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, ++_number));

    public void RunUntil(TimeSpan time)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= time)
        {
            var action = _events.Dequeue();
            Now = next.At;
            action();
        }

        Now = time;
    }

    public void StartOn(int host)
    {
        if (_hosts[host] is { IsProcess: true } || Network.IsDown(host))
            return;
        var silo = new SimulatedSilo(this, host, ++_generation, _signals[host]);
        _hosts[host] = silo;
        _incarnations.Add(silo.Id, silo);
        silo.Start();
    }

    public void ToBeRestarted(int host) => After(Milliseconds(500, 10_000), () => StartOn(host));

    public void Gossip(SimulatedSilo from, MemberView view)
    {
        if (!_gossips)
            return;
        foreach (var other in _hosts)
        {
            if (other is not null && other != from && Network.Probe(from, other.Id) == ProbeOutcome.Answered)
                After(Milliseconds(1, 5), () => other.Run(() => other.See(view)));
        }
    }
}
