using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firezone.Gateway.WebSockets.Cluster.Tls;

/// <summary>A certificate that this process can prove itself with, and the authorities that it believes.</summary>
internal sealed class ClusterCertificate
{
    private ClusterCertificate(X509Certificate2 leaf, X509Certificate2Collection between, X509Certificate2Collection authority)
    {
        Context = SslStreamCertificateContext.Create(leaf, between, offline: true);
        Authority = authority;
        NotBefore = leaf.NotBefore;
        NotAfter = leaf.NotAfter;
        Thumbprint = leaf.GetCertHashString(HashAlgorithmName.SHA256)[..16];
    }

    internal SslStreamCertificateContext Context { get; }

    internal X509Certificate2Collection Authority { get; }

    internal DateTimeOffset NotBefore { get; }

    internal DateTimeOffset NotAfter { get; }

    /// <summary>For people to tell two apart.</summary>
    internal string Thumbprint { get; }

    /// <param name="options">Names of the files.</param>
    /// <param name="files">What they hold.</param>
    /// <param name="usages">What the certificate has to be good for.</param>
    /// <param name="now">Whether it is valid then is looked at.</param>
    /// <exception cref="TlsConfigurationException">Peers would refuse it, or it cannot be used at all.</exception>
    internal static ClusterCertificate Load(TlsOptions options, TlsFiles files, IReadOnlyList<string> usages, DateTimeOffset now)
    {
        try
        {
            return LoadCore(options, files, usages, now);
        }
        catch (CryptographicException e)
        {
            throw new TlsConfigurationException(
                $"Tls:Certificate: the certificate in the file '{options.Certificate}' cannot be used ({e.GetType().Name}).");
        }
    }

    private static ClusterCertificate LoadCore(TlsOptions options, TlsFiles files, IReadOnlyList<string> usages, DateTimeOffset now)
    {
        var certificates = Certificates(nameof(options.Certificate), options.Certificate!, files.Certificate);
        var authority = Certificates(nameof(options.Authority), options.Authority!, files.Authority);
        var leaf = WithKey(options, files);
        var between = new X509Certificate2Collection(certificates.Skip(1).ToArray());
        foreach (var usage in usages)
            Demand(options, leaf, between, authority, usage, now);
        return new ClusterCertificate(leaf, between, authority);
    }

    private static X509Certificate2Collection Certificates(string key, string path, string content)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(content);
        }
        catch (CryptographicException)
        {
            throw new TlsConfigurationException($"Tls:{key}: a certificate in the file '{path}' cannot be read.");
        }

        return certificates.Count > 0 ? certificates : throw new TlsConfigurationException($"Tls:{key}: the file '{path}' holds no PEM certificate.");
    }

    private static X509Certificate2 WithKey(TlsOptions options, TlsFiles files)
    {
        if (!files.Key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw new TlsConfigurationException($"Tls:Key: the file '{options.Key}' holds no PEM private key.");
        if (files.Key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new TlsConfigurationException($"Tls:Key: the key in the file '{options.Key}' is encrypted; it must not be.");
        try
        {
            return X509Certificate2.CreateFromPem(files.Certificate, files.Key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new TlsConfigurationException(
                $"Tls:Key: the key in the file '{options.Key}' does not belong to the first certificate in '{options.Certificate}', "
                + "or cannot be read.");
        }
    }

    private static void Demand(
        TlsOptions options,
        X509Certificate2 leaf,
        X509Certificate2Collection between,
        X509Certificate2Collection authority,
        string usage,
        DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = PeerPolicy.Create(authority, usage, now) };
        chain.ChainPolicy.ExtraStore.AddRange(between);
        chain.Build(leaf);
        var problem = PeerPolicy.Judge(leaf, chain, options.PeerName!) switch
        {
            RefusalReason.None => null,
            RefusalReason.Expired => FormattableString.Invariant(
                $"or one above it is not valid now; its own time is {leaf.NotBefore.ToUniversalTime():u} to {leaf.NotAfter.ToUniversalTime():u}"),
            RefusalReason.WrongUsage => $"is not for {(usage == PeerPolicy.ServerUsage ? "server" : "client")} authentication (extended key usage)",
            RefusalReason.WrongName => $"does not have the DNS name '{options.PeerName}' of the cluster (Tls:PeerName) but {Describe(leaf)}",
            _ => $"is of no authority in the file '{options.Authority}' (Tls:Authority), or one between them is missing",
        };
        if (problem is not null)
            throw new TlsConfigurationException($"Tls:Certificate: the certificate in the file '{options.Certificate}' {problem}.");
    }

    private static string Describe(X509Certificate2 leaf) =>
        PeerPolicy.Names(leaf).Take(5).ToArray() is { Length: > 0 } names ? $"'{string.Join("', '", names)}'" : "none";
}
