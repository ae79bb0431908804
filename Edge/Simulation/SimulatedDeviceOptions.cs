using System.Net;
using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.Addressing;

namespace Firezone.Edge.Simulation;

/// <summary>How a simulated device presents itself.</summary>
public sealed record SimulatedDeviceOptions
{
    /// <summary>Where the portal is.</summary>
    public required PortalAddress Portal { get; init; }

    /// <summary>The device's token.</summary>
    public required string Token { get; init; }

    /// <summary>Name in the transcript and for the portal.</summary>
    public required string Name { get; init; }

    /// <summary>The device's stable identity; by default a random one, so that every run is a new device.</summary>
    public string ExternalId { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Version of the component, as the portal's compatibility rules see it. Default: the versions of early 2026.</summary>
    public string? Version { get; init; }

    /// <summary>Local address to connect from; null: any.</summary>
    public IPAddress? SourceAddress { get; init; }

    /// <summary>Time limits of the channel.</summary>
    public ChannelTimings Timings { get; init; } = new();

    internal PortalChannelOptions ForChannel(
        PortalRole role, string component, string version, IReadOnlyDictionary<string, string?> parameters) =>
        new()
        {
            Portal = Portal,
            Role = role,
            Token = Token,
            UserAgent = $"Linux/6.8.0 {component}/{Version ?? version} (x86_64; 6.8.0)",
            Parameters = parameters,
            SourceAddress = SourceAddress,
            Timings = Timings,
        };

    internal Dictionary<string, string?> Identity() => new() { ["external_id"] = ExternalId, ["name"] = Name };
}
