namespace Firezone.Silos.Operations.Overview;

/// <summary>The gateways of a site.</summary>
internal sealed record SiteFigure
{
    /// <summary>Short name of its account.</summary>
    public string Account { get; init; } = "";

    /// <summary>Its name.</summary>
    public string Site { get; init; } = "";

    /// <summary>Gateways that have ever connected.</summary>
    public long Known { get; init; }

    /// <summary>Gateways that are connected.</summary>
    public long Online { get; init; }

    /// <summary>How many sites have gateways.</summary>
    public long Sites { get; init; }

    /// <summary>How many of them have none that is connected.</summary>
    public long Dark { get; init; }
}
