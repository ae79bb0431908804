using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Sessions;

namespace Firezone.Grains.Tests.Sessions;

/// <summary>Stands for the grain of a session, and keeps what it is called with. Hears nothing while it is deaf.</summary>
internal sealed class RecordingGrain : ISessionGrain
{
    public bool IsDeaf { get; set; }

    public LocalSession Session { get; private set; } = null!;

    /// <summary>Versions that followed by changes, as taken from the session's note.</summary>
    public List<long> Changes { get; } = [];

    public List<CloseReason> Revocations { get; } = [];

    /// <summary>A session with this grain.</summary>
    public static RecordingGrain Of(SessionKind kind, SessionOwner owner, Guid? device = null)
    {
        var grain = new RecordingGrain();
        grain.Session = new LocalSession(kind, grain, device ?? Guid.NewGuid(), new SessionRef(Guid.NewGuid(), Guid.NewGuid(), null!, DateTimeOffset.UnixEpoch), owner, DateTimeOffset.UnixEpoch);
        return grain;
    }

    public Task OnAccountChanged()
    {
        if (!IsDeaf && Session.TakeChange() is { } since)
            Changes.Add(since);
        return Task.CompletedTask;
    }

    public Task OnRevoked(Guid sessionId, CloseReason reason)
    {
        if (!IsDeaf)
            Revocations.Add(reason);
        return Task.CompletedTask;
    }

    public Task OnVerification(bool verified) => Task.CompletedTask;

    public Task OnDrained(bool force) => Task.CompletedTask;

    public Task OnRelaysChanged() => Task.CompletedTask;

    public Task OnDue() => Task.CompletedTask;

    public Task Announce() => Task.CompletedTask;

    public Task OnFrontEndGone(Guid sessionId) => Task.CompletedTask;
}
