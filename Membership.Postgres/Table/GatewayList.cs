namespace Firezone.Membership.Postgres.Table;

/// <summary>The silos that serve external clients.</summary>
/// <param name="Version">Version of the membership table; 0 when the cluster has none yet.</param>
/// <param name="Entries">In no particular order.</param>
public sealed record GatewayList(int Version, IReadOnlyList<GatewayEntry> Entries);
