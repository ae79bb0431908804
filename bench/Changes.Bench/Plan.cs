namespace Firezone.Changes.Bench;

/// <summary>How much of everything.</summary>
/// <param name="Clients">Connected clients of the large account.</param>
/// <param name="WarmUp">Changes of each account before anything is measured.</param>
/// <param name="Rounds">How often a block of changes is made to each of the two accounts.</param>
/// <param name="Changes">Changes in a block.</param>
/// <param name="Bulk">Memberships in one transaction.</param>
/// <param name="BulkClients">Connected clients of the account in which that happens.</param>
/// <param name="BulkRuns">How often they are added and deleted.</param>
/// <param name="Weighed">Connected clients at which memory is read: before, and after.</param>
/// <param name="Policies">Of the account in which clients are weighed; half as many groups and resources.</param>
/// <param name="Memberships">Of each of its clients.</param>
/// <param name="Rest">Quiet time before a figure is read.</param>
internal sealed record Plan(
    int Clients,
    int WarmUp,
    int Rounds,
    int Changes,
    int Bulk,
    int BulkClients,
    int BulkRuns,
    (int Low, int High) Weighed,
    int Policies,
    int Memberships,
    TimeSpan Rest)
{
    /// <summary>Silos, except where memory is measured.</summary>
    public const int Silos = 3;

    /// <summary>Clients that a change concerns.</summary>
    public const int Concerned = 10;

    /// <summary>Nothing takes longer, or something is broken.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The figures that are quoted.</summary>
    public static Plan Full { get; } =
        new(10_000, 300, 12, 100, 100_000, 1_000, 5, (1_000, 5_000), 1_000, 100, TimeSpan.FromSeconds(3));

    /// <summary>Does everything, in about a minute; its figures are rough.</summary>
    public static Plan Short { get; } =
        new(500, 30, 3, 20, 25_000, 50, 1, (100, 400), 1_000, 100, TimeSpan.FromSeconds(1));
}
