namespace Firezone.Grains.Sessions;

/// <summary>What a session's row says beside its ids.</summary>
/// <param name="RemoteIp">Real IP of the connect.</param>
/// <param name="Version">Component version; empty for relays.</param>
public sealed record SessionDescription(string RemoteIp, string Version);
