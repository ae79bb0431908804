namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>
/// How the processes of a cluster know each other: silos among themselves and front-ends as clients of silos. Section <c>Tls</c>. The three
/// files are needed together; they are looked at again from time to time, and may be replaced while the process runs.
/// </summary>
public sealed class TlsOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Tls";

    /// <summary>PEM file with this process's certificate, and after it those between it and the authority, if there are any.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the certificate's private key, not encrypted.</summary>
    public string? Key { get; set; }

    /// <summary>PEM file with the certificates of the authorities whose word counts. Those of the system do not.</summary>
    public string? Authority { get; set; }

    /// <summary>DNS name that every certificate of the cluster carries as subject alternative name. Default: the id of the Orleans cluster.</summary>
    public string? PeerName { get; set; }

    /// <summary>Lets a silo without certificates be reached by other machines. Default false.</summary>
    public bool AllowPlaintext { get; set; }

    /// <summary>How long a peer may take until it has proved who it is. Default 5 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Peers that may be proving who they are at the same time, per process; more are turned away. Default 200.</summary>
    public int MaxHandshakes { get; set; } = 200;

    /// <summary>How often the files are looked at. Default 10 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);
}
