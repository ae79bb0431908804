using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>Where a session lives: enough for a grain to push to its socket and to notice that its front-end is gone.</summary>
/// <param name="SessionId">Unique per WebSocket channel; a device that reconnects gets a new one.</param>
/// <param name="FrontEndId">The front-end process, as registered by <see cref="IFrontEndDirectoryGrain.Renew"/>.</param>
/// <param name="FrontEnd">That process's one observer; it finds the socket by <paramref name="SessionId"/>.</param>
/// <param name="OpenedAt">
/// When the connect was admitted, by the database's clock. Decides which of two sessions of one device is the newer, whatever order
/// their attach calls arrive in.
/// </param>
[GenerateSerializer, Immutable, Alias("fz.SessionRef")]
public sealed record SessionRef(
    [property: Id(0)] Guid SessionId,
    [property: Id(1)] Guid FrontEndId,
    [property: Id(2)] IFrontEndObserver FrontEnd,
    [property: Id(3)] DateTimeOffset OpenedAt);
