using Firezone.Membership.Postgres.Detection;
using Firezone.Membership.Postgres.Signals;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>A versioned table, a NOTIFY bus and locks that belong to sessions.</summary>
internal sealed class SimulatedDatabase(World world)
{
    private readonly List<SimulatedSession> _sessions = [];
    private readonly Dictionary<SiloId, SimulatedSession> _holders = [];
    private readonly List<(SiloId Lock, SimulatedSession Session, Action Granted)> _waiters = [];

    public bool IsUp { get; private set; } = true;

    public MemberView Table { get; private set; } = new(0, new Dictionary<SiloId, MemberStatus>());

    public TimeSpan ChangedAt { get; private set; }

    public IEnumerable<SimulatedSession> SessionsOf(int host) => _sessions.Where(session => session.Owner.Host == host);

    public bool Takes(SimulatedSilo silo) => IsUp && world.Network.ReachesDatabase(silo.Host);

    public bool Answers(SimulatedSilo silo) => IsUp && world.Network.DatabaseReaches(silo.Host);

    public SimulatedSession Open(SimulatedSilo owner, Action<SimulatedSession> lost)
    {
        _sessions.RemoveAll(session => !session.AtServer && !session.AtClient);
        var session = new SimulatedSession(owner, session =>
        {
            if (Takes(owner))
                world.After(world.Milliseconds(1, 3), () => End(session));
            lost(session);
        });
        _sessions.Add(session);
        return session;
    }

    /// <summary>The server ends the session: its locks are free at once.</summary>
    public void End(SimulatedSession session)
    {
        if (!session.AtServer)
            return;
        session.AtServer = false;
        _waiters.RemoveAll(waiter => waiter.Session == session);
        foreach (var silo in _holders.Where(held => held.Value == session).Select(held => held.Key).ToList())
        {
            _holders.Remove(silo);
            foreach (var waiter in _waiters.Where(waiter => waiter.Lock == silo).ToList())
            {
                _waiters.Remove(waiter);
                waiter.Granted();
            }
        }
    }

    public bool TryLock(SimulatedSession session, SiloId silo) => _holders.TryAdd(silo, session) || _holders[silo] == session;

    public void WaitForLock(SimulatedSession session, SiloId silo, Action granted)
    {
        if (_holders.ContainsKey(silo))
            _waiters.Add((silo, session, granted));
        else
            granted();
    }

    public int WatchersOf(SiloId silo) => _waiters.Count(waiter => waiter.Lock == silo);

    public void Notify(Signal signal)
    {
        foreach (var session in _sessions)
        {
            if (!session.Listens || !session.AtServer)
                continue;
            foreach (var delay in world.Weather.Fate(signal))
                world.After(delay, () => Deliver(session, signal));
        }
    }

    /// <summary>Reads and, if <paramref name="change"/> gives rows, writes them unless the version moved in between.</summary>
    /// <param name="by">Whose statement.</param>
    /// <param name="change">Rows to set; null: nothing to be done.</param>
    /// <param name="done">Null: it failed, perhaps after the write.</param>
    /// <param name="attempts">How often a conflict is tried again.</param>
    public void Execute(SimulatedSilo by, Func<MemberView, IReadOnlyDictionary<SiloId, MemberStatus>?> change, Action<MemberView?> done, int attempts = 5)
    {
        if (!Takes(by) || (world.TableFails && world.Random.Next(2) == 0))
        {
            world.After(world.Milliseconds(20, 3_000), () => by.Run(() => done(null)));
            return;
        }

        world.After(world.Milliseconds(1, 4), () =>
        {
            var seen = Table;
            if (change(seen) is not { } rows)
            {
                Acknowledge(by, seen, done);
                return;
            }

            world.After(world.Milliseconds(1, 4), () =>
            {
                if (!Takes(by) || !by.IsProcess)
                    Acknowledge(by, null, done);
                else if (Table.Version == seen.Version)
                    Acknowledge(by, Commit(rows), done);
                else if (attempts > 1)
                    Execute(by, change, done, attempts - 1);
                else
                    Acknowledge(by, null, done);
            });
        });
    }

    /// <summary>Every session ends, one after the other; nothing can be opened until <see cref="Start"/>.</summary>
    public void Stop()
    {
        world.Log?.Write("database stops");
        IsUp = false;
        foreach (var session in _sessions.OrderBy(_ => world.Random.Next()).ToList())
        {
            world.After(world.Milliseconds(0, 30), () => Break(session));
        }
    }

    public void Start()
    {
        world.Log?.Write("database is up");
        IsUp = true;
    }

    /// <summary>Both ends learn of it, as after pg_terminate_backend.</summary>
    public void Break(SimulatedSession session)
    {
        End(session);
        if (world.Network.DatabaseReaches(session.Owner.Host))
            world.After(world.Milliseconds(0, 3), () => session.Owner.Run(session.LoseAtClient));
    }

    /// <summary>Rows of the dead are removed without a new version, as Orleans does.</summary>
    public void RemoveDeadRows() =>
        Table = Table with { Members = Table.Members.Where(row => row.Value != MemberStatus.Dead).ToDictionary() };

    private MemberView Commit(IReadOnlyDictionary<SiloId, MemberStatus> rows)
    {
        var members = new Dictionary<SiloId, MemberStatus>(Table.Members);
        foreach (var (silo, status) in rows)
            members[silo] = status;
        Table = new MemberView(Table.Version + 1, members);
        ChangedAt = world.Now;
        world.Log?.Write($"table {Table.Version}: {string.Join(", ", rows.Select(row => $"{row.Key} {row.Value}"))}");
        Notify(new Signal.TableChanged(Table.Version));
        return Table;
    }

    private void Acknowledge(SimulatedSilo to, MemberView? result, Action<MemberView?> done) => world.After(world.Milliseconds(0, 2), () =>
    {
        if (Answers(to))
            to.Run(() => done(result));
        else
            world.After(world.Milliseconds(20, 3_000), () => to.Run(() => done(null)));
    });

    private void Deliver(SimulatedSession session, Signal signal)
    {
        if (!session.AtServer || !session.AtClient || session.Deaf)
            return;
        if (!world.Network.DatabaseReaches(session.Owner.Host))
            session.Held.Add(() => Deliver(session, signal));
        else
            session.Owner.Run(() => session.OnSignal?.Invoke(signal));
    }
}
