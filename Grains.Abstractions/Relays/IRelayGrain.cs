using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Relays;

/// <summary>A relay, keyed by the id that follows from its stamp secret: owns the relay's one live session.</summary>
[Alias("fz.IRelayGrain")]
public interface IRelayGrain : IGrainWithGuidKey
{
    /// <summary>Makes a session the relay's current one; older ones with the same id are closed (newest wins).</summary>
    [Alias("Attach")]
    Task<AttachResult> Attach(SessionRef session, RelayTicket ticket, StampSecret stampSecret, Resume? resume);

    /// <summary>The session's socket is closed.</summary>
    [Alias("Detach")]
    Task Detach(Guid sessionId);
}
