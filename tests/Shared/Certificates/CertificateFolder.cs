using System.Diagnostics;
using System.Globalization;

namespace Firezone.Shared.Certificates;

/// <summary>The three files of a process, in a folder that changes as a mounted secret of Kubernetes does: all at once, by a link.</summary>
public sealed class CertificateFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("firezone-tls-").FullName;
    private int _count;

    public CertificateFolder(TestCertificate certificate, string authority)
    {
        foreach (var name in (string[])["tls.crt", "tls.key", "ca.crt"])
            File.CreateSymbolicLink(Path.Combine(_folder, name), Path.Combine("..data", name));
        Put(certificate, authority);
    }

    public string Certificate => Path.Combine(_folder, "tls.crt");

    public string Key => Path.Combine(_folder, "tls.key");

    public string Authority => Path.Combine(_folder, "ca.crt");

    /// <summary>As environment of a process, looked at often.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("Tls__Certificate", Certificate),
        ("Tls__Key", Key),
        ("Tls__Authority", Authority),
        ("Tls__ReloadInterval", "00:00:00.2"),
    ];

    /// <summary>Replaces what is there.</summary>
    public void Put(TestCertificate certificate, string authority)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var version = Path.Combine(_folder, "..v" + (++_count).ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(version);
        File.WriteAllText(Path.Combine(version, "tls.crt"), certificate.Pem);
        File.WriteAllText(Path.Combine(version, "tls.key"), certificate.KeyPem);
        File.WriteAllText(Path.Combine(version, "ca.crt"), authority);
        var link = Path.Combine(_folder, "..data");
        File.CreateSymbolicLink(link + "_tmp", Path.GetFileName(version));
        using var move = Process.Start("mv", ["-T", link + "_tmp", link]);
        move.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
