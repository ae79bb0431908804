using System.Security.Cryptography;
using System.Text;

namespace Firezone.Edge.PortalClient.Addressing;

/// <summary>How a device names itself to the portal.</summary>
public static class DeviceIdentity
{
    /// <summary>
    /// The <c>external_id</c> of a configured device id: a UUID is replaced by the lowercase hex SHA-256 of its text as configured, any
    /// other id is used as it is.
    /// </summary>
    public static string ExternalId(string deviceId) =>
        Guid.TryParse(deviceId, out _) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(deviceId))) : deviceId;

    /// <summary>The token without white space: a line break picked up by copy and paste would make the header invalid.</summary>
    public static string CleanToken(string token) => string.Concat(token.Where(c => !char.IsWhiteSpace(c)));

    /// <summary>The user agent without characters that are not ASCII, or not printable: they would make the request invalid.</summary>
    public static string CleanUserAgent(string userAgent) => string.Concat(userAgent.Where(c => c is >= ' ' and <= '~'));
}
