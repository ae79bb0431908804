namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>Why two processes did not come together.</summary>
internal enum RefusalReason
{
    None = 0,
    NoCertificate,
    Untrusted,
    Expired,
    WrongName,
    WrongUsage,
    Plaintext,
    Busy,
    Timeout,
    Broken,
    ByPeer,
}
