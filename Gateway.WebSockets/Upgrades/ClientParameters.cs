using Firezone.Grains.Abstractions.Admission;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Validates a client's connection parameters.</summary>
internal static class ClientParameters
{
    internal static Validated<ClientAttributes> Read(ConnectQuery query, string userAgent)
    {
        var externalId = ParameterRules.Trimmed(query.ExternalId);
        var name = ParameterRules.Trimmed(query.Name);
        var serial = ParameterRules.Trimmed(query.DeviceSerial);
        var uuid = ParameterRules.Trimmed(query.DeviceUuid);
        var vendor = ParameterRules.Trimmed(query.IdentifierForVendor);
        var firebase = ParameterRules.Trimmed(query.FirebaseInstallationId);

        var invalid = ParameterRules.ExternalId(externalId)
            ?? ParameterRules.PublicKey(query.PublicKey)
            ?? ParameterRules.Optional("name", name)
            ?? ParameterRules.Optional("device_serial", serial)
            ?? ParameterRules.Optional("device_uuid", uuid)
            ?? ParameterRules.Optional("identifier_for_vendor", vendor)
            ?? ParameterRules.Optional("firebase_installation_id", firebase)
            ?? ParameterRules.Version(userAgent, out _);
        if (invalid is not null)
            return Validated<ClientAttributes>.Failed(invalid);

        ParameterRules.Version(userAgent, out var version);
        return new ClientAttributes(externalId!, query.PublicKey!, name, version, serial, uuid, vendor, firebase);
    }
}
