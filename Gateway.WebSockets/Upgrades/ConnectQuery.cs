using Microsoft.AspNetCore.WebUtilities;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>The known query parameters of a connect, form-decoded. Of a repeated one the last counts; unknown ones are ignored.</summary>
internal sealed class ConnectQuery
{
    /// <summary>Serializer version.</summary>
    internal string? Vsn { get; private set; }

    /// <summary>Credential of peers built before the header was introduced.</summary>
    internal string? Token { get; private set; }

    /// <summary>Stable device identity.</summary>
    internal string? ExternalId { get; private set; }

    /// <summary>WireGuard public key.</summary>
    internal string? PublicKey { get; private set; }

    /// <summary>Display name.</summary>
    internal string? Name { get; private set; }

    /// <summary>Hardware identifier.</summary>
    internal string? DeviceSerial { get; private set; }

    /// <summary>Hardware identifier.</summary>
    internal string? DeviceUuid { get; private set; }

    /// <summary>Hardware identifier.</summary>
    internal string? IdentifierForVendor { get; private set; }

    /// <summary>Hardware identifier.</summary>
    internal string? FirebaseInstallationId { get; private set; }

    /// <summary>A relay's public address.</summary>
    internal string? Ipv4 { get; private set; }

    /// <summary>A relay's public address.</summary>
    internal string? Ipv6 { get; private set; }

    /// <summary>A relay's TURN port.</summary>
    internal string? Port { get; private set; }

    internal static ConnectQuery Parse(QueryString query)
    {
        var parsed = new ConnectQuery();
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            var name = pair.DecodeName();
            switch (name.Span)
            {
                case "vsn": parsed.Vsn = Value(pair); break;
                case "token": parsed.Token = Value(pair); break;
                case "external_id": parsed.ExternalId = Value(pair); break;
                case "public_key": parsed.PublicKey = Value(pair); break;
                case "name": parsed.Name = Value(pair); break;
                case "device_serial": parsed.DeviceSerial = Value(pair); break;
                case "device_uuid": parsed.DeviceUuid = Value(pair); break;
                case "identifier_for_vendor": parsed.IdentifierForVendor = Value(pair); break;
                case "firebase_installation_id": parsed.FirebaseInstallationId = Value(pair); break;
                case "ipv4": parsed.Ipv4 = Value(pair); break;
                case "ipv6": parsed.Ipv6 = Value(pair); break;
                case "port": parsed.Port = Value(pair); break;
            }
        }

        return parsed;

        static string Value(QueryStringEnumerable.EncodedNameValuePair pair) => pair.DecodeValue().ToString();
    }
}
