namespace Firezone.Admin.Status;

/// <summary>A front-end.</summary>
public sealed record FrontEndStatusView
{
    /// <summary>The process.</summary>
    public Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its region.</summary>
    public string Region { get; init; } = "";

    /// <summary>How many sockets it holds; for operators only.</summary>
    public int? Sessions { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Its last sign of life.</summary>
    public DateTimeOffset RenewedAt { get; init; }
}
