using Firezone.Grains.Abstractions.Admission;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Validates a gateway's connection parameters.</summary>
internal static class GatewayParameters
{
    internal static Validated<GatewayAttributes> Read(ConnectQuery query, string userAgent)
    {
        var name = ParameterRules.Trimmed(query.Name);
        var invalid = ParameterRules.ExternalId(query.ExternalId)
            ?? ParameterRules.PublicKey(query.PublicKey)
            ?? ParameterRules.Optional("name", name)
            ?? ParameterRules.Version(userAgent, out _);
        if (invalid is not null)
            return Validated<GatewayAttributes>.Failed(invalid);

        ParameterRules.Version(userAgent, out var version);
        return new GatewayAttributes(query.ExternalId!, query.PublicKey!, name, version);
    }
}
