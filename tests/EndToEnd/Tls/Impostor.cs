using Firezone.Shared.Certificates;

namespace Firezone.EndToEnd.Tls;

/// <summary>What a process is started with that does not belong to the cluster.</summary>
internal sealed class Impostor(CertificateFolder? folder, (string Key, string Value)[] more) : IDisposable
{
    public (string Key, string Value)[] Settings => [.. folder?.Settings ?? [], .. more];

    public void Dispose() => folder?.Dispose();
}
