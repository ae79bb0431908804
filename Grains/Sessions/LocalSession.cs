namespace Firezone.Grains.Sessions;

/// <summary>A session whose grain is active on this silo, as the silo's services see it.</summary>
/// <param name="kind">The role.</param>
/// <param name="grain">The grain that holds the session.</param>
/// <param name="grainKey">Its key: the device's or relay's id.</param>
/// <param name="sessionId">The session.</param>
/// <param name="frontEndId">Where its socket is.</param>
/// <param name="accountId">Null for relays.</param>
/// <param name="attachedAt">By this silo's clock.</param>
public sealed class LocalSession(
    SessionKind kind,
    ISessionGrain grain,
    Guid grainKey,
    Guid sessionId,
    Guid frontEndId,
    Guid? accountId,
    DateTimeOffset attachedAt)
{
    private volatile Guid[]? _toldRelays;

    /// <summary>The role.</summary>
    public SessionKind Kind { get; } = kind;

    /// <summary>The grain that holds the session.</summary>
    public ISessionGrain Grain { get; } = grain;

    /// <summary>The device's or relay's id.</summary>
    public Guid GrainKey { get; } = grainKey;

    /// <summary>The session.</summary>
    public Guid SessionId { get; } = sessionId;

    /// <summary>Where its socket is.</summary>
    public Guid FrontEndId { get; } = frontEndId;

    /// <summary>Null for relays.</summary>
    public Guid? AccountId { get; } = accountId;

    /// <summary>By this silo's clock.</summary>
    public DateTimeOffset AttachedAt { get; } = attachedAt;

    /// <summary>The relays that the device has been told, null for relays. Written by the grain only, read by any thread.</summary>
    public Guid[]? ToldRelays
    {
        get => _toldRelays;
        set => _toldRelays = value;
    }
}
