namespace Firezone.Grains.Accounts;

/// <summary>Difference of two connectable sets. Deletions are pushed before everything else.</summary>
/// <param name="Deleted">Ids for <c>resource_deleted</c>.</param>
/// <param name="Changed">Resources for <c>resource_created_or_updated</c>.</param>
public sealed record ConnectableDifference(IReadOnlyList<Guid> Deleted, IReadOnlyList<SnapshotResource> Changed)
{
    /// <summary>Nothing to push.</summary>
    public static ConnectableDifference None { get; } = new([], []);
}
