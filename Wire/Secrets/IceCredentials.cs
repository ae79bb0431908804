using System.Text.Json;

namespace Firezone.Wire.Secrets;

/// <summary>ICE credentials of both ends of a tunnel; both peers get all four.</summary>
/// <param name="ClientUsername">4 characters.</param>
/// <param name="ClientPassword">22 characters.</param>
/// <param name="GatewayUsername">4 characters.</param>
/// <param name="GatewayPassword">22 characters.</param>
public readonly record struct IceCredentials(string ClientUsername, string ClientPassword, string GatewayUsername, string GatewayPassword)
{
    /// <summary>Without the passwords: a record prints its members.</summary>
    public override string ToString() => $"{ClientUsername}/{GatewayUsername}";

    internal void WriteMembers(Utf8JsonWriter w)
    {
        w.WriteStartObject("client_ice_credentials"u8);
        w.WriteString("username"u8, ClientUsername);
        w.WriteString("password"u8, ClientPassword);
        w.WriteEndObject();
        w.WriteStartObject("gateway_ice_credentials"u8);
        w.WriteString("username"u8, GatewayUsername);
        w.WriteString("password"u8, GatewayPassword);
        w.WriteEndObject();
    }
}
