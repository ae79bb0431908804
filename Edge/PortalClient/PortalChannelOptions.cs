using System.Net;
using Firezone.Edge.PortalClient.Addressing;
using Firezone.Edge.PortalClient.Retry;

namespace Firezone.Edge.PortalClient;

/// <summary>Everything a portal channel needs to know about its device.</summary>
public sealed record PortalChannelOptions
{
    /// <summary>Where the portal is.</summary>
    public required PortalAddress Portal { get; init; }

    /// <summary>What the device is.</summary>
    public required PortalRole Role { get; init; }

    /// <summary>The credential, sent as <c>X-Authorization: Bearer …</c> and never in the URL. White space in it is dropped.</summary>
    public required string Token { get; init; }

    /// <summary>
    /// <c>os/version component/version (arch; kernel)</c>. The portal refuses clients and gateways whose version it cannot find.
    /// </summary>
    public required string UserAgent { get; init; }

    /// <summary>Query parameters except <c>public_key</c>, such as <c>external_id</c>, <c>name</c>, a relay's <c>ipv4</c>.</summary>
    public IReadOnlyDictionary<string, string?> Parameters { get; init; } = new Dictionary<string, string?>();

    /// <summary>WireGuard public key of a client or gateway, base64; replaced by <see cref="PortalChannel.Reconnect"/>.</summary>
    public string? PublicKey { get; init; }

    /// <summary>A relay's stamp secret, the payload of its join; null for clients and gateways.</summary>
    public string? StampSecret { get; init; }

    /// <summary>Local address to connect from; null: the operating system's choice.</summary>
    public IPAddress? SourceAddress { get; init; }

    /// <summary>Time limits.</summary>
    public ChannelTimings Timings { get; init; } = new();

    /// <summary>Spacing of attempts; null: the defaults, with the partition limit of the role.</summary>
    public RetrySettings? Retry { get; init; }

    /// <summary>Source of jitter, used by one thread at a time; a seeded one makes the delays repeatable.</summary>
    public Random Jitter { get; init; } = Random.Shared;
}
