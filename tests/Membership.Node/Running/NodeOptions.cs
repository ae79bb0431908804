namespace Firezone.Membership.Node.Running;

/// <summary>The command line of a node: <c>--name value</c> for each property.</summary>
public sealed class NodeOptions
{
    /// <summary><c>silo</c> or <c>client</c>.</summary>
    public string Role { get; set; } = "silo";

    /// <summary><c>adonet</c> for plain <c>UseAdoNetClustering</c>, or <c>postgres</c>.</summary>
    public string Provider { get; set; } = "postgres";

    /// <summary>Npgsql connection string of the membership database.</summary>
    public string Connection { get; set; } = "";

    public string Cluster { get; set; } = "test";

    /// <summary>Advertised address; the silo listens on it too.</summary>
    public string Address { get; set; } = "127.0.0.1";

    public int SiloPort { get; set; } = 11111;

    public int GatewayPort { get; set; } = 30000;

    public string Region { get; set; } = "";

    /// <summary>
    /// How far the clocks that Orleans takes from the service container run ahead. Orleans reads the machine's clock as well, in several
    /// places: to skew those too, start the process with libfaketime instead.
    /// </summary>
    public TimeSpan ClockSkew { get; set; }

    /// <summary>Limit of one attempt of a load call.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Mean pause before the retry of a failed load call; the real one is between half and one and a half of it: not before the second is over
    /// within which a dead silo has to be out of every view, for until then a call may go to it again.
    /// </summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Least level of the log on standard error.</summary>
    public string LogLevel { get; set; } = "Warning";

    /// <summary>Settings of the PostgreSQL provider by property name: <c>--membership:HeartbeatInterval 00:00:05</c>.</summary>
    public Dictionary<string, string> Membership { get; set; } = [];
}
