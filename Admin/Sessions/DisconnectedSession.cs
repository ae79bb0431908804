namespace Firezone.Admin.Sessions;

/// <summary>A session that is no more.</summary>
/// <param name="Id">The session.</param>
/// <param name="Kind"><c>client</c>, <c>gateway</c> or <c>relay</c>.</param>
/// <param name="DeviceId">The device, which connects anew if it is allowed to.</param>
/// <param name="WasConnected">Whether a front-end still had its socket, which is being closed.</param>
/// <param name="Reason">As given.</param>
public sealed record DisconnectedSession(Guid Id, string Kind, Guid DeviceId, bool WasConnected, string? Reason);
