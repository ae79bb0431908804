using System.Net;
using Firezone.Admin.Validation;

namespace Firezone.Admin.Accounts;

/// <summary>Which settings are taken.</summary>
internal static class SettingsRules
{
    private const int MaxAddresses = 10;
    private const int LongestLabel = 63;
    private const int LongestDomain = 253;

    // Where tunnels and their own resolvers live.
    private static readonly IPNetwork[] OffLimits = [IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fd00:2021:1111::/48")];

    /// <summary>Judges settings.</summary>
    /// <returns>The form in which they are stored.</returns>
    public static AccountSettings Check(AccountSettings settings, Findings findings)
    {
        if (settings.SearchDomain is { } domain && !IsDomain(domain))
            findings.Add("config.search_domain", "must be a domain name");
        var dns = settings.Dns ?? new DnsSettings();
        var addresses = dns.Addresses ?? [];
        if (addresses.Length > MaxAddresses)
            findings.Add("config.dns.addresses", $"at most {MaxAddresses}");
        var stored = new List<string>(addresses.Length);
        for (var i = 0; i < Math.Min(addresses.Length, MaxAddresses); i++)
        {
            if (!IpText.TryParse(addresses[i] ?? "", out var address))
                findings.Add($"config.dns.addresses[{i}]", "must be an IP address without a port");
            else if (OffLimits.FirstOrDefault(n => n.Contains(address)) is { PrefixLength: > 0 } forbidden)
                findings.Add($"config.dns.addresses[{i}]", $"must not be in {forbidden}");
            else
                stored.Add(address.ToString());
        }

        if (dns.Type == "custom" && addresses.Length == 0)
            findings.Add("config.dns.addresses", "must have an address for custom");
        if (dns.Type == "secure" && dns.DohProvider is null)
            findings.Add("config.dns.doh_provider", "is required for secure");
        return settings with { Dns = dns with { Addresses = [.. stored] } };
    }

    private static bool IsDomain(string text) =>
        text.Length is > 0 and <= LongestDomain
            && text.Split('.').All(label => label.Length is > 0 and <= LongestLabel && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
                && label[0] != '-' && label[^1] != '-');
}
