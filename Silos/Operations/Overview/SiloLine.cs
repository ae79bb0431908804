using Firezone.Grains.Status;

namespace Firezone.Silos.Operations.Overview;

/// <summary>A silo that is not dead.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Host and port for other silos.</param>
/// <param name="Region">Empty when nothing is known of it.</param>
/// <param name="Status">As the cluster has it.</param>
/// <param name="HeartbeatAge">Since the answering silo heard it; null: that silo does not know.</param>
/// <param name="Report">Null: it does not answer.</param>
internal sealed record SiloLine(string Name, string Address, string Region, string Status, TimeSpan? HeartbeatAge, SiloReport? Report);
