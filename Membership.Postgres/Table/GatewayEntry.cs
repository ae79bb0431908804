using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Table;

/// <summary>A silo that serves external clients.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Status">Active, or ShuttingDown or Stopping: these still owe replies to clients that use them already.</param>
/// <param name="Gateway">Where clients connect: the silo's address and generation with its proxy port.</param>
public sealed record GatewayEntry(SiloId Silo, SiloStatus Status, SiloAddress Gateway);
