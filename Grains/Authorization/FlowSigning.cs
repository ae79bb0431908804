using Firezone.Storage.Postgres.Secrets;

namespace Firezone.Grains.Authorization;

/// <summary>
/// Holds the cluster-wide key under which refs of <c>authorize_flow</c> are signed. Read from the database before the silo takes calls,
/// so that a ref which one silo made is good on every other and after a restart.
/// </summary>
public sealed class FlowSigning(ClusterSecrets secrets)
{
    private FlowRefCodec? _codec;

    /// <summary>Makes and checks refs.</summary>
    /// <exception cref="InvalidOperationException"><see cref="LoadAsync"/> has not been called yet.</exception>
    public FlowRefCodec Codec => _codec ?? throw new InvalidOperationException("The flow signing key has not been read yet.");

    /// <summary>Reads the key, or makes the cluster's first one.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) =>
        _codec = new FlowRefCodec(await secrets.GetOrCreateAsync("flow-ref", cancellationToken));
}
