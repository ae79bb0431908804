using System.Security.Cryptography.X509Certificates;

namespace Firezone.Shared.Certificates;

/// <summary>A certificate with its key.</summary>
/// <param name="Pem">The certificate, and those between it and its authority.</param>
/// <param name="KeyPem">Its private key.</param>
public sealed record TestCertificate(string Pem, string KeyPem)
{
    /// <summary>For streams of the test's own.</summary>
    public X509Certificate2 Load() => X509Certificate2.CreateFromPem(Pem, KeyPem);
}
