namespace Firezone.Gateway.WebSockets.Health;

/// <summary>Marks the front-end's own endpoints among those of a process that serves others too.</summary>
internal sealed class FrontEndEndpoint
{
    private FrontEndEndpoint()
    {
    }

    /// <summary>Served on every listener.</summary>
    internal static FrontEndEndpoint Health { get; } = new();

    /// <summary>Served on the health port only: not for devices.</summary>
    internal static FrontEndEndpoint Metrics { get; } = new();

    /// <summary>Not served on the health port.</summary>
    internal static FrontEndEndpoint Socket { get; } = new();
}
