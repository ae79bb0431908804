using System.Runtime.InteropServices;

namespace Firezone.Grains.Sessions;

/// <summary>One account's sessions on this silo. Not thread-safe.</summary>
internal sealed class AccountSessions
{
    private readonly Dictionary<Guid, Few<LocalSession>> _byActor = [];
    private readonly HashSet<LocalSession> _gateways = [];

    public bool IsEmpty => _byActor.Count == 0 && _gateways.Count == 0;

    public void Add(LocalSession session)
    {
        if (session.Owner.ActorId is { } actor)
            CollectionsMarshal.GetValueRefOrAddDefault(_byActor, actor, out _).Add(session);
        else
            _gateways.Add(session);
    }

    public void Remove(LocalSession session)
    {
        if (session.Owner.ActorId is { } actor)
            LocalSessions.RemoveFrom(_byActor, actor, session);
        else
            _gateways.Remove(session);
    }

    public List<LocalSession> Clients()
    {
        var clients = new List<LocalSession>(_byActor.Count);
        foreach (var sessions in _byActor.Values)
            sessions.CopyTo(clients);
        return clients;
    }

    public List<LocalSession> Gateways() => [.. _gateways];

    public void AddOfActors(IReadOnlyCollection<Guid> actors, Func<Guid, bool> contains, ICollection<LocalSession> target)
    {
        if (actors.Count <= _byActor.Count)
        {
            foreach (var actor in actors)
            {
                if (_byActor.TryGetValue(actor, out var sessions))
                    sessions.CopyTo(target);
            }

            return;
        }

        foreach (var (actor, sessions) in _byActor)
        {
            if (contains(actor))
                sessions.CopyTo(target);
        }
    }
}
