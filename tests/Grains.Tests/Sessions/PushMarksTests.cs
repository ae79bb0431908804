using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Sessions;
using Firezone.Grains.Tests.Cluster;

namespace Firezone.Grains.Tests.Sessions;

public sealed class PushMarksTests
{
    private readonly FakeFrontEnd _one = new();
    private readonly FakeFrontEnd _other = new();
    private readonly PushMarks _marks = new();

    [Fact]
    public void A_push_is_looked_for_a_second_later_and_once()
    {
        var session = Session(_one);
        Push(session, 5);
        Push(session, 6);
        _marks.Tell();
        Push(session, 7);
        Assert.Empty(_one.Checked);

        _marks.Tell();
        Assert.Equal(6, Assert.Single(_one.Checked).Value);

        _marks.Tell();
        Assert.Equal(7, Assert.Single(_one.Checked).Value);

        _one.Checked.Clear();
        _marks.Tell();
        Assert.Empty(_one.Checked);
    }

    [Fact]
    public void Each_front_end_is_asked_for_its_own_sessions()
    {
        LocalSession[] sessions = [Session(_one), Session(_other), Session(_one)];
        foreach (var (session, index) in sessions.Select((session, index) => (session, index)))
            Push(session, index + 1);

        _marks.Tell();
        _marks.Tell();

        Assert.Equal([(sessions[0].SessionId, 1L), (sessions[2].SessionId, 3L)], _one.Checked.Select(c => (c.Key, c.Value)).OrderBy(c => c.Value));
        Assert.Equal((sessions[1].SessionId, 2L), _other.Checked.Select(c => (c.Key, c.Value)).Single());
    }

    private void Push(LocalSession session, long next)
    {
        session.NextPush = next;
        _marks.Note(session);
    }

    private static LocalSession Session(FakeFrontEnd frontEnd) => new(
        SessionKind.Client,
        new RecordingGrain(),
        Guid.NewGuid(),
        new SessionRef(Guid.NewGuid(), frontEnd.Id, frontEnd, DateTimeOffset.UnixEpoch),
        default,
        DateTimeOffset.UnixEpoch);
}
