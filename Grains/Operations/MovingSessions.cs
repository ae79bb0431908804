using Firezone.Grains.Sessions;

namespace Firezone.Grains.Operations;

/// <summary>Sessions that were told to leave this silo, as long as they are here; their front-ends attach them elsewhere. Not thread-safe.</summary>
/// <param name="sessions">All that are here.</param>
/// <param name="time">What <paramref name="patience"/> is measured by.</param>
/// <param name="patience">So long a session may have something to finish.</param>
internal sealed class MovingSessions(LocalSessions sessions, TimeProvider time, TimeSpan patience)
{
    private readonly Dictionary<LocalSession, long> _told = [];

    /// <summary>How many were still here when they were last looked for.</summary>
    internal int Count => _told.Count;

    /// <summary>Tells so many others, whichever, after <see cref="TellAgain"/>.</summary>
    /// <returns>How many there were.</returns>
    internal int TellOthers(int count)
    {
        var others = sessions.Some(count, _told.Keys.ToHashSet());
        Tell(others);
        return others.Count;
    }

    /// <summary>Tells these.</summary>
    internal void Tell(IEnumerable<LocalSession> others)
    {
        foreach (var session in others)
        {
            _told[session] = time.GetTimestamp();
            Tell(session, force: patience == TimeSpan.Zero);
        }
    }

    /// <summary>Forgets those that have left, and tells those again that had no time for it.</summary>
    internal void TellAgain()
    {
        foreach (var (session, since) in _told)
        {
            if (sessions.Contains(session))
                Tell(session, force: time.GetElapsedTime(since) > patience);
            else
                _told.Remove(session);
        }
    }

    /// <summary>By a turn, which is for this activation only: a message could find the next one, or make it.</summary>
    private static void Tell(LocalSession session, bool force) => session.Tell(grain => grain.OnDrained(force));
}
