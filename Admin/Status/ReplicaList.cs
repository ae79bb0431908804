using Firezone.Storage.Postgres;

namespace Firezone.Admin.Status;

/// <summary>The replicas that this process reads from on behalf of devices.</summary>
/// <param name="devices">Where they are known; null: devices are not served from here.</param>
public sealed class ReplicaList(Database? devices)
{
    /// <summary>As they are now.</summary>
    internal IReadOnlyList<ReplicaView> Now() =>
        [.. devices?.Replicas.Select(r => new ReplicaView(r.Host, ReplicaView.Name(r.State), r.LagBytes, r.LagSeconds)) ?? []];
}
