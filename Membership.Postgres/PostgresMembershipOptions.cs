using System.ComponentModel.DataAnnotations;

namespace Firezone.Membership.Postgres;

/// <summary>How a silo or a client of the cluster uses PostgreSQL for membership. The cluster is the one of <c>ClusterOptions.ClusterId</c>.</summary>
public sealed class PostgresMembershipOptions
{
    /// <summary>
    /// Npgsql connection string of the primary, or of several hosts of which the primary is looked for. Session features are used, so
    /// it must not lead through a pooler in transaction mode. Never logged.
    /// </summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>Creates and upgrades the tables, functions and the trigger at start. Off: they must be there already.</summary>
    public bool CreateSchema { get; set; } = true;

    /// <summary>Time between two heartbeats of a silo.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Heartbeats in a row that a silo may miss before it is probed, and evicted if the probes find nobody.</summary>
    [Range(1, 100)]
    public int MissedHeartbeatsLimit { get; set; } = 3;

    /// <summary>How many silos wait for the session lock of each silo. Each costs its watcher one connection. 0: crashes are found by heartbeats only.</summary>
    [Range(0, 8)]
    public int Watchers { get; set; } = 2;

    /// <summary>How long one direct probe of a silo may take before it counts as unanswered.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(750);

    /// <summary>Limit of every statement on the membership table.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan TableTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Limit of every statement on the membership table while the silo leaves; afterwards it goes without the database.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan LeavingTableTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Time that external clients are given to stop sending, before the silo stops in the table and its grains are deactivated. Becomes
    /// Orleans' <c>SiloMessagingOptions.ClientGatewayShutdownNotificationTimeout</c> unless that is set.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan GoodbyeDelay { get; set; } = TimeSpan.FromMilliseconds(30);

    /// <summary>
    /// How long a stopping silo whose grains are gone still passes on the calls that were sent to it before the others knew; afterwards
    /// Orleans rejects them. Nothing is waited for when no other silo is active.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan LingerTime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Region of the silo, e.g. <c>gcp/us-east1</c>: metadata that placement can prefer. Up to 64 letters, digits and <c>-_./</c>.</summary>
    [RegularExpression("^[A-Za-z0-9_./-]{0,64}$")]
    public string Region { get; set; } = "";

    /// <summary>Zone of the silo within its region. Same form as <see cref="Region"/>.</summary>
    [RegularExpression("^[A-Za-z0-9_./-]{0,64}$")]
    public string Zone { get; set; } = "";

    /// <summary>Number of active silos below which, once it has lasted for <see cref="ExpectedSilosGrace"/>, an alarm is raised. 0: none.</summary>
    [Range(0, 10_000)]
    public int ExpectedSilos { get; set; }

    /// <summary>How long there must be too few silos before the alarm; longer than a silo's restart in a rolling deploy.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ExpectedSilosGrace { get; set; } = TimeSpan.FromMinutes(1);
}
