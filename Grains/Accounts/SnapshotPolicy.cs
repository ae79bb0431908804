using Firezone.Grains.Policies;

namespace Firezone.Grains.Accounts;

/// <summary>An enabled policy whose resource has a site.</summary>
/// <param name="Id">Policy id.</param>
/// <param name="GroupId">The group that it grants to.</param>
/// <param name="Resource">What it grants.</param>
/// <param name="Conditions">Compiled once and kept while they are unchanged.</param>
/// <param name="Revision">Rises when a change invalidates what was granted before.</param>
public sealed record SnapshotPolicy(Guid Id, Guid GroupId, SnapshotResource Resource, CompiledConditions Conditions, long Revision);
