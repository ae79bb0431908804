using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Explaining;

/// <summary>Whether a client may reach a resource, with what is known of the client.</summary>
/// <param name="ActorId">Whose device it is.</param>
/// <param name="ActorKind">Decides membership in Everyone.</param>
/// <param name="Version">Of the client.</param>
/// <param name="RemoteIp">Of its connect.</param>
/// <param name="Location">Of its connect.</param>
/// <param name="AuthProviderId">Of its token.</param>
/// <param name="Verified">The device is verified.</param>
/// <param name="TokenExpiresAt">Null when the token is not known.</param>
/// <param name="ResourceId">The resource.</param>
/// <param name="Policies">All policies of the resource that are to be judged one by one.</param>
[GenerateSerializer, Immutable, Alias("fz.AccessQuestion")]
public sealed record AccessQuestion(
    [property: Id(0)] Guid ActorId,
    [property: Id(1)] ActorKind ActorKind,
    [property: Id(2)] string Version,
    [property: Id(3)] string RemoteIp,
    [property: Id(4)] Location Location,
    [property: Id(5)] Guid? AuthProviderId,
    [property: Id(6)] bool Verified,
    [property: Id(7)] DateTimeOffset? TokenExpiresAt,
    [property: Id(8)] Guid ResourceId,
    [property: Id(9)] PolicyQuestion[] Policies);
