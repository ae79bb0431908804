using System.Globalization;
using System.Net;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres;

/// <summary>
/// One start of one silo, as it is written in signals and locks: <c>address:port@generation</c>. Equal exactly for equal silo addresses.
/// </summary>
/// <param name="Value">The text of <see cref="SiloAddress.ToParsableString"/>.</param>
public readonly record struct SiloId(string Value) : IComparable<SiloId>
{
    /// <summary>Longest text accepted: an IPv6 address with a scope, a port and a generation.</summary>
    public const int MaxLength = 96;

    public static SiloId Of(SiloAddress address) => new(address.ToParsableString());

    /// <summary>Only for texts that came from <see cref="Of"/> or <see cref="TryParse"/>.</summary>
    public SiloAddress ToAddress() => SiloAddress.FromParsableString(Value);

    /// <summary>Accepts exactly the canonical text of a silo address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SiloId silo)
    {
        silo = default;
        if (text.Length is 0 or > MaxLength)
            return false;
        // An IPv6 address is written without brackets: the port is what follows the last colon.
        var at = text.LastIndexOf('@');
        var colon = at < 0 ? -1 : text[..at].LastIndexOf(':');
        if (colon < 0
            || !int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var generation)
            || !ushort.TryParse(text[(colon + 1)..at], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0
            || !IPAddress.TryParse(text[..colon], out var address))
        {
            return false;
        }

        silo = Of(SiloAddress.New(address, port, generation));
        return text.SequenceEqual(silo.Value);
    }

    public int CompareTo(SiloId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
