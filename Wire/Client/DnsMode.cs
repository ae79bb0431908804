namespace Firezone.Wire.Client;

/// <summary>An account's choice of resolvers for what is not a resource.</summary>
public enum DnsMode
{
    /// <summary>The client's own.</summary>
    System = 0,

    /// <summary>The account's list of addresses.</summary>
    Custom = 1,

    /// <summary>DNS over HTTPS with one provider; a stored list of addresses is not sent.</summary>
    Secure = 2,
}
