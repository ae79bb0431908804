namespace Firezone.Admin.Status;

/// <summary>Live sessions of one kind in one region.</summary>
public sealed record SessionCount
{
    /// <summary><c>client</c>, <c>gateway</c>, and for operators <c>relay</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Of the front-end.</summary>
    public string Region { get; init; } = "";

    /// <summary>How many.</summary>
    public long Count { get; init; }
}
