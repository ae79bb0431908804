using Firezone.Admin.RateLimiting;

namespace Firezone.Admin.Hosting;

/// <summary>Settings of the admin API. Section <c>Admin</c>.</summary>
public sealed class AdminOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Admin";

    /// <summary>Where to listen; empty: no admin API in this process. Default <c>http://127.0.0.1:8085</c>.</summary>
    public string Url { get; set; } = "http://127.0.0.1:8085";

    /// <summary>How many requests an account may make.</summary>
    public RateLimitOptions RateLimit { get; set; } = new();

    /// <summary>Connections to the database, apart from those that devices are served with. Default 8.</summary>
    public int MaxDatabaseConnections { get; set; } = 8;
}
