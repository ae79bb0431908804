using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Firezone.Shared.Certificates;

/// <summary>An authority that signs whatever a test wants.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly string _above;

    public TestAuthority(string name = "Test authority")
        : this(name, null)
    {
    }

    private TestAuthority(string name, TestAuthority? above)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var subject = new X509SubjectKeyIdentifierExtension(request.PublicKey, false);
        request.CertificateExtensions.Add(subject);
        var now = TimeProvider.System.GetUtcNow();
        if (above is null)
        {
            _certificate = request.CreateSelfSigned(now.AddYears(-2), now.AddYears(10));
        }
        else
        {
            using var signed = request.Create(above._certificate, now.AddYears(-1), now.AddYears(9), RandomNumberGenerator.GetBytes(8));
            _certificate = signed.CopyWithPrivateKey(key);
        }

        _above = above is null ? "" : Pem;
    }

    /// <summary>Its certificate.</summary>
    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>An authority below this one, whose certificates bring its own along.</summary>
    public TestAuthority Below(string name) => new(name, this);

    /// <param name="name">Subject alternative name; null: none.</param>
    /// <param name="server">Good for server authentication.</param>
    /// <param name="client">Good for client authentication.</param>
    /// <param name="from">Begin of its validity; an hour ago.</param>
    /// <param name="to">End of its validity; in a day.</param>
    public TestCertificate Issue(
        string? name = "firezone", bool server = true, bool client = true, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var usages = new OidCollection();
        if (server)
            usages.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (client)
            usages.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, false));
        if (name is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("node-7.example");
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(_certificate, from ?? now.AddHours(-1), to ?? now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return new TestCertificate(certificate.ExportCertificatePem() + "\n" + _above, key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();
}
