using System.Security.Cryptography;
using System.Text;

namespace Firezone.Membership.Postgres.Signals;

/// <summary>The NOTIFY channel of a cluster. Hashed, because a channel name is an identifier of at most 63 bytes and a cluster id is not.</summary>
public static class ChannelName
{
    /// <summary>Equal to <c>'orleans_membership_' || md5(id)</c> in SQL on a UTF-8 database, which the trigger on the version row uses.</summary>
    // MD5 names the channel and protects nothing.
    public static string For(string clusterId) =>
        "orleans_membership_" + Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(clusterId)));
}
