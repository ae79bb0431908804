using System.Net;

namespace Firezone.Grains.Policies;

/// <summary>What conditions may look at. All of it was fixed when the client connected.</summary>
/// <param name="Region">Country code of the connect, null when unknown: region conditions then fail, also the negative ones.</param>
/// <param name="RemoteIp">The client's real address. An IPv4-mapped IPv6 address counts as the IPv4 address that it carries.</param>
/// <param name="AuthProviderId">Of the client's token; null for the tokens of service accounts.</param>
/// <param name="Verified">An administrator has verified the device.</param>
public readonly record struct EvaluationSubject(string? Region, IPAddress RemoteIp, Guid? AuthProviderId, bool Verified);
