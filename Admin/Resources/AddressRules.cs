using System.Collections.Frozen;
using System.Net;
using System.Text;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Resources;

/// <summary>Which addresses a resource may have, so that every device can parse what it is sent.</summary>
internal static class AddressRules
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    private static readonly IPNetwork[] OffLimits =
    [
        IPNetwork.Parse("0.0.0.0/32"),
        IPNetwork.Parse("::/128"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("fd00:2021:1111::/48"),
    ];

    // Besides those of two letters, which are all countries.
    private static readonly FrozenSet<string> WellKnownDomains = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "com", "org", "net", "edu", "gov", "mil", "int", "arpa", "info", "biz", "name", "pro", "mobi", "aero", "asia", "cat", "coop", "jobs",
        "museum", "post", "tel", "travel", "xxx", "app", "dev", "cloud", "online", "site", "shop", "store", "tech", "xyz");

    /// <summary>Judges an address and brings it into the form in which it is stored.</summary>
    /// <param name="type">The resource's type.</param>
    /// <param name="address">As the caller wrote it.</param>
    /// <param name="stored">The canonical form, if there is no error.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(string type, string? address, out string? stored)
    {
        stored = address;
        if (type == "internet")
            return address is null ? null : "must be null for the internet";
        if (string.IsNullOrEmpty(address))
            return "is required";
        return type switch
        {
            "dns" => CheckName(address),
            "cidr" => CheckNetwork(address, out stored),
            _ => CheckAddress(address, out stored),
        };
    }

    /// <summary>Whether a network holds addresses that the product uses itself or that mean the device.</summary>
    public static string? CheckRange(IPNetwork network)
    {
        foreach (var forbidden in OffLimits)
        {
            if (IpText.Overlap(network, forbidden))
                return $"must not overlap {forbidden.BaseAddress}{(IsSingle(forbidden) ? "" : $"/{forbidden.PrefixLength}")}";
        }

        return network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= 96 ? "must be written as IPv4" : null;
    }

    private static string? CheckNetwork(string text, out string? stored)
    {
        stored = null;
        if (!IpText.TryParseNetwork(text, out var network))
            return "must be a network such as 10.0.0.0/8 or fd00:1::/32";
        stored = network.ToString();
        return CheckRange(network);
    }

    private static string? CheckAddress(string text, out string? stored)
    {
        stored = null;
        if (!IpText.TryParse(text, out var address))
            return "must be one IP address, without a prefix or port";
        stored = address.ToString();
        return CheckRange(new IPNetwork(address, address.GetAddressBytes().Length * 8));
    }

    private static string? CheckName(string text)
    {
        if (text.EnumerateRunes().Count() > LongestName)
            return $"must have at most {LongestName} characters";
        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return "must not be localhost";
        if (IPAddress.TryParse(text, out _))
            return "must not be an IP address";

        var labels = text.Split('.');
        foreach (var label in labels)
        {
            if (CheckLabel(label) is { } error)
                return error;
        }

        if (labels[^1].AsSpan().ContainsAny('*', '?'))
            return "must not have wildcards in its last label";
        return labels.Length > 1 && IsWellKnown(labels[^1]) && labels[..^1].All(IsWild)
            ? $"must not consist of wildcards only before .{labels[^1]}"
            : null;
    }

    private static string? CheckLabel(string label)
    {
        if (label.EnumerateRunes().Count() is 0 or > LongestLabel)
            return $"must have labels of 1 to {LongestLabel} characters";
        if (label != "**" && label.Contains("**", StringComparison.Ordinal))
            return "must have ** only as a whole label";
        foreach (var rune in label.EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune) && rune.Value is not ('-' or '*' or '?'))
                return "must consist of letters, digits, hyphens and wildcards";
        }

        return null;
    }

    private static bool IsWellKnown(string label) =>
        (label.Length == 2 && char.IsAsciiLetter(label[0]) && char.IsAsciiLetter(label[1])) || WellKnownDomains.Contains(label);

    private static bool IsWild(string label) => !label.AsSpan().ContainsAnyExcept('*', '?');

    private static bool IsSingle(IPNetwork network) => network.PrefixLength == network.BaseAddress.GetAddressBytes().Length * 8;
}
