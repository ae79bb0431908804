using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firezone.Edge.PortalClient.Addressing;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.Tests.PortalClient.Support;

namespace Firezone.Edge.Tests.PortalClient;

public sealed class CertificateTests
{
    /// <summary>A hotel's login page has such a certificate; it must not sign anybody out.</summary>
    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_retried()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var unused = new FakePortal();
        var url = $"wss://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        await using var device = new Device(unused, change: options => options with { Portal = PortalAddress.Parse(url) });

        using (var client = await listener.AcceptTcpClientAsync().WaitAsync(FakePortal.Patience))
        await using (var tls = new SslStream(client.GetStream()))
        {
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.ReadExactlyAsync(new byte[1]);
            });
        }

        Assert.Contains("certificate", (await device.ExpectAsync<PortalHiccup>()).Error, StringComparison.OrdinalIgnoreCase);
        device.Time.Advance(TimeSpan.FromSeconds(1));
        using var again = await listener.AcceptTcpClientAsync().WaitAsync(FakePortal.Patience);
    }
}
