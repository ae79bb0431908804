namespace Firezone.Storage.Postgres.Accounts;

/// <summary>DNS settings that an account prescribes to its clients.</summary>
/// <param name="SearchDomain">Null: none.</param>
/// <param name="DnsType"><c>system</c>, <c>custom</c> or <c>secure</c>.</param>
/// <param name="DnsAddresses">Literal addresses of the custom resolvers, without ports.</param>
/// <param name="DohProvider">Name of the DNS-over-HTTPS provider when the type is <c>secure</c>.</param>
public sealed record AccountConfig(string? SearchDomain, string DnsType, string[] DnsAddresses, string? DohProvider)
{
    /// <summary>The resolvers of the device's own system, no search domain.</summary>
    public static AccountConfig Default { get; } = new(null, "system", [], null);
}
