using Firezone.Grains.Policies;

namespace Firezone.Grains.Accounts;

/// <summary>An enabled policy whose resource has a site.</summary>
/// <param name="Id">Policy id.</param>
/// <param name="GroupId">The group that it grants to.</param>
/// <param name="Resource">What it grants.</param>
/// <param name="Conditions">Compiled once per snapshot.</param>
public sealed record SnapshotPolicy(Guid Id, Guid GroupId, SnapshotResource Resource, CompiledConditions Conditions);
