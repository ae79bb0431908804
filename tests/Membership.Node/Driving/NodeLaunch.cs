namespace Firezone.Membership.Node.Driving;

/// <summary>How a node is started.</summary>
public sealed record NodeLaunch
{
    /// <summary><c>silo</c> or <c>client</c>.</summary>
    public required string Role { get; init; }

    /// <summary><c>adonet</c> or <c>postgres</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>How the node reaches the membership database.</summary>
    public required string Connection { get; init; }

    public required string Cluster { get; init; }

    /// <summary>Advertised and listened on.</summary>
    public string Address { get; init; } = "127.0.0.1";

    public int SiloPort { get; init; }

    public int GatewayPort { get; init; }

    public string Region { get; init; } = "";

    /// <summary>Network namespace to run in, or null for this process's own. Needs root.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>How far the node's wall clock runs ahead.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>Further options of the command line, without the leading dashes.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
