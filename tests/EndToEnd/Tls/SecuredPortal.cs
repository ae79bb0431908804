using Firezone.EndToEnd.Processes;
using Firezone.Shared.Certificates;

namespace Firezone.EndToEnd.Tls;

/// <summary>Two silos and a front-end with certificates, and an authority that has signed others too.</summary>
public sealed class SecuredPortal : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new("Other authority");
    private CertificateFolder? _folder;
    private Portal? _portal;

    internal Portal Portal => _portal!;

    public async Task InitializeAsync()
    {
        _folder = new CertificateFolder(_authority.Issue(), _authority.Pem);
        _portal = await Portal.TwoSilosAsync(settings: _folder.Settings);
    }

    public async Task DisposeAsync()
    {
        if (_portal is not null)
            await _portal.DisposeAsync();
        _folder?.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    /// <summary>A certificate with which nobody gets in, or none.</summary>
    internal TestCertificate? Certificate(string what)
    {
        var now = TimeProvider.System.GetUtcNow();
        return what switch
        {
            "authority" => _other.Issue(),
            "name" => _authority.Issue("other"),
            "expired" => _authority.Issue(from: now.AddDays(-2), to: now.AddDays(-1)),
            _ => null,
        };
    }

    /// <summary>Settings of a process that trusts the cluster but must not be trusted by it.</summary>
    internal Impostor Impostor(string what)
    {
        var folder = Certificate(what) is { } certificate ? new CertificateFolder(certificate, _authority.Pem + _other.Pem) : null;
        return new Impostor(folder, what == "name" ? [("Tls__PeerName", "other")] : []);
    }

    /// <summary>Waits until the cluster, or the process itself, has said that they do not belong together.</summary>
    internal async Task RefusedAsync(string what, ServerProcess process)
    {
        if (what == "none")
        {
            // Only the cluster can say.
            await Portal.AnySiloLineAsync(line => line.Contains("was turned away: it does not speak TLS", StringComparison.Ordinal));
            return;
        }

        var told = what == "name" ? "does not have the DNS name 'other'" : "it does not accept the certificate of this process";
        await process.LineAsync(line =>
            line.Contains("No connection to the silo at", StringComparison.Ordinal) && line.Contains(told, StringComparison.Ordinal));
        if (what == "authority")
            await Portal.AnySiloLineAsync(line => line.Contains("was turned away: its certificate is of no authority", StringComparison.Ordinal));
    }
}
