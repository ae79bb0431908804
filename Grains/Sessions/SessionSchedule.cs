using Firezone.Grains.Hosting;

namespace Firezone.Grains.Sessions;

/// <summary>
/// Wakes sessions' grains at the instants that they ask for. One queue per silo, visited by <see cref="SiloTicker"/>: an idle session
/// holds no timer and no place in it.
/// </summary>
public sealed class SessionSchedule
{
    private readonly DueQueue<LocalSession> _due = new();

    /// <summary>How many sessions wait.</summary>
    public int Count => _due.Count;

    /// <summary>Sets, moves or (with null) removes the session's instant.</summary>
    public void Set(LocalSession session, DateTimeOffset? due)
    {
        if (due is { } at)
            _due.Set(session, at);
        else
            _due.Remove(session);
    }

    /// <summary>Wakes the sessions whose instant has come; each must ask again.</summary>
    public void WakeDue(DateTimeOffset now)
    {
        while (_due.TryPopDue(now, out var session))
            session.Tell(static grain => grain.OnDue());
    }
}
