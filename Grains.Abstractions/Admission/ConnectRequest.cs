using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Grains.Abstractions.Admission;

/// <summary>One connect as the front-end saw it.</summary>
/// <typeparam name="TAttributes">The role's connection parameters.</typeparam>
/// <param name="Token">The credential, non-empty. Never logged.</param>
/// <param name="Attributes">The validated parameters, or null when they are invalid.</param>
/// <param name="InvalidAttributes">
/// What is wrong with the parameters, for the refusal's <c>detail</c>. Reported only after the token has been accepted, so that a
/// stranger learns nothing.
/// </param>
/// <param name="RemoteIp">The real client IP, textual.</param>
/// <param name="UserAgent">The complete header, possibly empty.</param>
/// <param name="Location">Computed once per connect.</param>
[GenerateSerializer, Immutable, Alias("fz.ConnectRequest`1")]
public sealed record ConnectRequest<TAttributes>(
    [property: Id(0)] string Token,
    [property: Id(1)] TAttributes? Attributes,
    [property: Id(2)] string? InvalidAttributes,
    [property: Id(3)] string RemoteIp,
    [property: Id(4)] string UserAgent,
    [property: Id(5)] Location Location)
    where TAttributes : class
{
    /// <summary>Without the token: a record prints its members.</summary>
    public override string ToString() => $"connect from {RemoteIp} ({UserAgent})";
}
