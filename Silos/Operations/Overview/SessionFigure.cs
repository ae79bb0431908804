namespace Firezone.Silos.Operations.Overview;

/// <summary>Live sessions of a kind, by one thing.</summary>
internal sealed record SessionFigure
{
    /// <summary><c>client</c>, <c>gateway</c> or <c>relay</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Of the front-end; null: counted by version.</summary>
    public string? Region { get; init; }

    /// <summary>Of the device's program; null: counted by region.</summary>
    public string? Version { get; init; }

    /// <summary>How many.</summary>
    public long Count { get; init; }
}
