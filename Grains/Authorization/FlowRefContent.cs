namespace Firezone.Grains.Authorization;

/// <summary>What a gateway's answer must bring back, so that any silo can complete the flow.</summary>
/// <param name="ClientId">The client that asked.</param>
/// <param name="SessionId">Its session; an answer for an older one is dropped.</param>
/// <param name="ResourceId">The requested resource.</param>
/// <param name="AuthorizationId">The authorization that must be durable before the client is told.</param>
/// <param name="ExpiresAtUnix">End of the authorization, Unix seconds.</param>
/// <param name="RequestRef">Raw JSON text of a deprecated request's <c>ref</c>, at most 64 bytes of UTF-8; null for flows.</param>
public readonly record struct FlowRefContent(
    Guid ClientId, Guid SessionId, Guid ResourceId, Guid AuthorizationId, long ExpiresAtUnix, string? RequestRef);
