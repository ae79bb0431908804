using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>A connect that has passed the checks which need no database.</summary>
internal sealed record ConnectAttempt(string Token, ConnectQuery Query, string RemoteIp, string UserAgent, Location Location)
{
    /// <summary>Without the token: a record prints its members.</summary>
    public override string ToString() => $"connect from {RemoteIp} ({UserAgent})";

    internal ConnectRequest<T> With<T>(Validated<T> attributes)
        where T : class => new(Token, attributes.Value, attributes.Invalid, RemoteIp, UserAgent, Location);
}
