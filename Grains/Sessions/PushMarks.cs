namespace Firezone.Grains.Sessions;

/// <summary>
/// Tells front-ends, a second later and all at once, which pushes they must have by then. A push is sent once and not acknowledged, and may
/// be lost with a connection or a silo; a session that misses one is attached again. Costs a place in a list for each session that
/// was pushed to, and one message per front-end and second. Thread-safe.
/// </summary>
public sealed class PushMarks
{
    private readonly Lock _lock = new();
    private List<LocalSession> _recent = [];
    private List<(LocalSession Session, long Next)> _due = [];

    /// <summary>The grain has pushed to its session; <see cref="LocalSession.NextPush"/> is the number of the next one.</summary>
    public void Note(LocalSession session)
    {
        if (!session.TryMark())
            return;
        lock (_lock)
            _recent.Add(session);
    }

    /// <summary>Sends what was true at the call before. To be called about once a second.</summary>
    public void Tell()
    {
        List<(LocalSession Session, long Next)> due;
        lock (_lock)
        {
            due = _due;
            _due = new List<(LocalSession, long)>(_recent.Count);
            foreach (var session in _recent)
            {
                session.Unmark();
                _due.Add((session, session.NextPush));
            }

            _recent = [];
        }

        foreach (var ofFrontEnd in due.GroupBy(mark => mark.Session.FrontEndId))
        {
            var frontEnd = ofFrontEnd.First().Session.Session.FrontEnd;
            _ = frontEnd.CheckPushes([.. ofFrontEnd.Select(mark => mark.Session.SessionId)], [.. ofFrontEnd.Select(mark => mark.Next)]);
        }
    }
}
