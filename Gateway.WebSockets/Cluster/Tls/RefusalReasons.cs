namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>Words for reasons.</summary>
internal static class RefusalReasons
{
    /// <summary>As it is counted.</summary>
    internal static string Word(this RefusalReason reason) => reason switch
    {
        RefusalReason.NoCertificate => "no_certificate",
        RefusalReason.Untrusted => "untrusted",
        RefusalReason.Expired => "expired",
        RefusalReason.WrongName => "wrong_name",
        RefusalReason.WrongUsage => "wrong_usage",
        RefusalReason.Plaintext => "plaintext",
        RefusalReason.Busy => "busy",
        RefusalReason.Timeout => "timeout",
        RefusalReason.ByPeer => "by_peer",
        _ => "broken",
    };

    /// <summary>As an operator is told: something that is true of the peer.</summary>
    internal static string Tell(this RefusalReason reason, TlsOptions options) => reason switch
    {
        RefusalReason.NoCertificate => "it showed no certificate",
        RefusalReason.Untrusted => "its certificate is of no authority in Tls:Authority",
        RefusalReason.Expired => "its certificate has expired or is not valid yet",
        RefusalReason.WrongName => $"its certificate does not have the DNS name '{options.PeerName}' (Tls:PeerName)",
        RefusalReason.WrongUsage =>
            "its certificate is for another use (silos need server and client authentication, front-ends client authentication)",
        RefusalReason.Plaintext => "it does not speak TLS",
        RefusalReason.Busy => "too many are proving who they are at the same time (Tls:MaxHandshakes)",
        RefusalReason.Timeout => "it did not finish in time (Tls:HandshakeTimeout)",
        RefusalReason.ByPeer => "it does not accept the certificate of this process; its log says why",
        _ => "it broke off, or does not speak TLS",
    };
}
