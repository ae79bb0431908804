using Firezone.Gateway.WebSockets.Cluster.Tls;
using Firezone.Shared.Certificates;

namespace Firezone.Gateway.WebSockets.Tests.Cluster.Tls;

/// <summary>What is wrong with the files is found before anything starts, and said without their contents.</summary>
public sealed class CertificateTests : IDisposable
{
    private static readonly string[] Both = [PeerPolicy.ServerUsage, PeerPolicy.ClientUsage];

    private readonly TestAuthority _authority = new();
    private readonly CertificateFolder _folder;
    private readonly TlsOptions _options;

    public CertificateTests()
    {
        _folder = new CertificateFolder(_authority.Issue(), _authority.Pem);
        _options = new TlsOptions { Certificate = _folder.Certificate, Key = _folder.Key, Authority = _folder.Authority, PeerName = "firezone" };
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public void A_certificate_of_the_authority_is_taken() => Assert.Equal(Now.AddDays(1), Load().NotAfter, TimeSpan.FromMinutes(1));

    [Fact]
    public void A_name_is_the_same_in_capitals()
    {
        _folder.Put(_authority.Issue("FireZone"), _authority.Pem);
        Load();
    }

    [Fact]
    public void A_chain_of_authorities_is_taken_if_all_between_are_there()
    {
        using var below = _authority.Below("Issuer");
        var certificate = below.Issue();
        _folder.Put(certificate, _authority.Pem);
        Load();
        _folder.Put(certificate with { Pem = certificate.Load().ExportCertificatePem() }, _authority.Pem);
        Refused("Tls:Certificate", "of no authority", "Tls:Authority");
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused()
    {
        using var other = new TestAuthority();
        _folder.Put(other.Issue(), _authority.Pem);
        Refused("Tls:Certificate", "of no authority", _folder.Authority);
    }

    [Fact]
    public void The_systems_authorities_do_not_count()
    {
        using var other = new TestAuthority();
        _folder.Put(_authority.Issue(), other.Pem);
        Refused("Tls:Certificate", "of no authority");
    }

    [Fact]
    public void A_certificate_that_has_expired_or_is_not_valid_yet_is_refused()
    {
        _folder.Put(_authority.Issue(from: Now.AddDays(-2), to: Now.AddDays(-1)), _authority.Pem);
        Refused("Tls:Certificate", "is not valid now");
        _folder.Put(_authority.Issue(from: Now.AddDays(1), to: Now.AddDays(2)), _authority.Pem);
        Refused("Tls:Certificate", "is not valid now");
    }

    [Theory]
    [InlineData("other")]
    [InlineData("firezone.example")]
    [InlineData("*")]
    [InlineData(null)]
    public void A_certificate_that_does_not_name_the_cluster_is_refused(string? name)
    {
        _folder.Put(_authority.Issue(name), _authority.Pem);
        Refused("Tls:Certificate", "'firezone'", "Tls:PeerName");
    }

    [Fact]
    public void A_silos_certificate_is_good_for_both_ends_and_a_front_ends_for_dialling()
    {
        _folder.Put(_authority.Issue(server: false), _authority.Pem);
        Refused("Tls:Certificate", "server authentication");
        Load(PeerPolicy.ClientUsage);
        _folder.Put(_authority.Issue(client: false), _authority.Pem);
        Refused("Tls:Certificate", "client authentication");
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        _folder.Put(_authority.Issue() with { KeyPem = _authority.Issue().KeyPem }, _authority.Pem);
        Refused("Tls:Key", "does not belong to", _folder.Key);
    }

    [Theory]
    [InlineData("", "holds no PEM private key")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "is encrypted")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n", "cannot be read")]
    public void A_key_that_cannot_be_used_is_refused(string key, string told)
    {
        _folder.Put(_authority.Issue() with { KeyPem = key }, _authority.Pem);
        Assert.DoesNotContain("c2VjcmV0", Refused("Tls:Key", told, _folder.Key), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_missing_empty_or_garbage_are_refused()
    {
        _folder.Put(_authority.Issue() with { Pem = "" }, _authority.Pem);
        Refused("Tls:Certificate", "holds no PEM certificate", _folder.Certificate);
        _folder.Put(_authority.Issue(), "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n");
        Refused("Tls:Authority", "cannot be read", _folder.Authority);
        _options.Authority = "/nowhere/ca.crt";
        Refused("Tls:Authority", "there is no file '/nowhere/ca.crt'");
        _options.Authority = Path.GetTempPath();
        Refused("Tls:Authority", "cannot be read");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    private ClusterCertificate Load(params string[] usages) =>
        ClusterCertificate.Load(_options, TlsFiles.Read(_options), usages.Length > 0 ? usages : Both, Now);

    private string Refused(params string[] told)
    {
        var message = Assert.Throws<TlsConfigurationException>(() => Load()).Message;
        Assert.All(told, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
