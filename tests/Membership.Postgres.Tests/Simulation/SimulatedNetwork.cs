using Firezone.Membership.Postgres.Detection;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>Which host reaches which, and the database, in each direction; and what a probe finds.</summary>
internal sealed class SimulatedNetwork(World world)
{
    private readonly HashSet<(int From, int To)> _cut = [];
    private readonly HashSet<int> _cutToDatabase = [];
    private readonly HashSet<int> _cutFromDatabase = [];
    private readonly HashSet<int> _down = [];
    private readonly Dictionary<int, int> _cuts = [];

    public bool ReachesDatabase(int host) => !_cutToDatabase.Contains(host) && !_down.Contains(host);

    public bool DatabaseReaches(int host) => !_cutFromDatabase.Contains(host) && !_down.Contains(host);

    public bool IsDown(int host) => _down.Contains(host);

    public void Cut(int from, int to) => _cut.Add((from, to));

    /// <summary>The host goes without a word: no FIN, no RST.</summary>
    public void TakeDown(int host)
    {
        _down.Add(host);
        Cutting(host);
    }

    public void CutDatabase(int host, bool to, bool from)
    {
        if (to)
            _cutToDatabase.Add(host);
        if (from)
            _cutFromDatabase.Add(host);
        Cutting(host);
    }

    public void MendDatabase(int host)
    {
        _cutToDatabase.Remove(host);
        _cutFromDatabase.Remove(host);
        Mended(host);
    }

    public void BringUp(int host)
    {
        _down.Remove(host);
        Mended(host);
    }

    public void Mend(int from, int to) => _cut.Remove((from, to));

    public void MendAll()
    {
        _cut.Clear();
        foreach (var host in _cutToDatabase.Union(_cutFromDatabase).ToList())
            MendDatabase(host);
    }

    /// <summary>What a probe by <paramref name="by"/> finds if it ends now.</summary>
    public ProbeOutcome Probe(SimulatedSilo by, SiloId silo)
    {
        var target = world.Incarnation(silo);
        if (_down.Contains(by.Host) || _down.Contains(target.Host) || _cut.Contains((by.Host, target.Host)) || _cut.Contains((target.Host, by.Host)))
            return ProbeOutcome.NoAnswer;
        if (!target.IsProcess)
            return ProbeOutcome.Refused;
        return target.IsPaused || target.IsOverloaded ? ProbeOutcome.Silent : ProbeOutcome.Answered;
    }

    private bool Reaches(int host) => ReachesDatabase(host) && DatabaseReaches(host);

    private void Mended(int host)
    {
        if (!Reaches(host))
            return;
        _cuts[host] = _cuts.GetValueOrDefault(host) + 1;
        foreach (var session in world.Database.SessionsOf(host).ToList())
        {
            var held = session.Held.ToList();
            session.Held.Clear();
            // Each end now learns that the other is gone.
            if (!session.AtServer)
                session.Owner.Run(session.LoseAtClient);
            else if (!session.AtClient)
                world.After(world.Milliseconds(1, 3_000), () => world.Database.End(session));
            foreach (var delivery in held)
                world.After(world.Milliseconds(1, 50), delivery);
        }
    }

    /// <summary>Keepalives find the cut after a while, at each end for itself.</summary>
    private void Cutting(int host)
    {
        var cut = _cuts[host] = _cuts.GetValueOrDefault(host) + 1;
        foreach (var session in world.Database.SessionsOf(host).ToList())
        {
            world.After(world.Milliseconds(5_000, 12_000), () =>
            {
                if (_cuts[host] == cut)
                    session.Owner.Run(session.LoseAtClient);
            });
            world.After(world.Milliseconds(10_000, 30_000), () =>
            {
                if (_cuts[host] == cut)
                    world.Database.End(session);
            });
        }
    }
}
