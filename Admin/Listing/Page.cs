namespace Firezone.Admin.Listing;

/// <summary>A part of a list.</summary>
/// <param name="Data">The items.</param>
/// <param name="NextCursor">Send it as <c>cursor</c> to get the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor);

/// <summary>Cuts pages.</summary>
internal static class Page
{
    /// <summary>From rows of which one more than the limit was asked for.</summary>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int limit)
        where T : IListed =>
        rows.Count <= limit ? new Page<T>(rows, null) : new Page<T>([.. rows.Take(limit)], rows[limit - 1].Place().ToString());
}
