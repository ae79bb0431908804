namespace Firezone.Wire.Gateway;

/// <summary>The client of a flow, as its gateway gets to see it.</summary>
/// <param name="Id">Client id.</param>
/// <param name="PublicKey">Base64 of 32 bytes.</param>
/// <param name="PresharedKey">Base64 of 32 bytes; the same that the client will get.</param>
/// <param name="Ipv4">Tunnel address.</param>
/// <param name="Ipv6">Tunnel address.</param>
/// <param name="Version">For the gateway's logs, like all that follow.</param>
/// <param name="DeviceOsName">From the user agent.</param>
/// <param name="DeviceOsVersion">From the user agent.</param>
/// <param name="DeviceSerial">Hardware identifier.</param>
/// <param name="DeviceUuid">Hardware identifier.</param>
/// <param name="IdentifierForVendor">Hardware identifier.</param>
/// <param name="FirebaseInstallationId">Hardware identifier.</param>
public sealed record FlowClient(
    Guid Id,
    string PublicKey,
    string PresharedKey,
    string Ipv4,
    string Ipv6,
    string? Version = null,
    string? DeviceOsName = null,
    string? DeviceOsVersion = null,
    string? DeviceSerial = null,
    string? DeviceUuid = null,
    string? IdentifierForVendor = null,
    string? FirebaseInstallationId = null)
{
    /// <summary>Without keys: a record prints its members.</summary>
    public override string ToString() => $"client {Id}";
}
