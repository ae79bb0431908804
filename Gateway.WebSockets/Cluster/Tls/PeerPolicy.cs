using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>Which certificates belong to the cluster.</summary>
internal static class PeerPolicy
{
    internal const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    internal const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>Trusts the given authorities and nobody else, and asks nobody over the network.</summary>
    internal static X509ChainPolicy Create(X509Certificate2Collection authority, string usage, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTimeIgnored = false,
            VerificationTime = now.LocalDateTime,
        };
        policy.CustomTrustStore.AddRange(authority);
        policy.ApplicationPolicy.Add(new Oid(usage));
        return policy;
    }

    /// <summary>Judges a certificate whose chain has been built by such a policy.</summary>
    internal static RefusalReason Judge(X509Certificate2? certificate, X509Chain? chain, string peerName)
    {
        if (certificate is null || chain is null)
            return RefusalReason.NoCertificate;
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((status & ~(X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotValidForUsage)) != 0 || chain.ChainElements.Count == 0)
            return RefusalReason.Untrusted;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return RefusalReason.Expired;
        if (status.HasFlag(X509ChainStatusFlags.NotValidForUsage))
            return RefusalReason.WrongUsage;
        return Names(certificate).Contains(peerName, StringComparer.OrdinalIgnoreCase) ? RefusalReason.None : RefusalReason.WrongName;
    }

    /// <summary>The DNS names among its subject alternative names. Its common name does not count, and no wildcard matches.</summary>
    internal static IEnumerable<string> Names(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames());
}
