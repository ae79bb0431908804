namespace Firezone.Admin.Listing;

/// <summary>A list without filters of its own.</summary>
public sealed class PlainQuery : ListQuery;
