using Firezone.Wire.Gateway;
using Firezone.Wire.Relay;
using Firezone.Wire.Resources;
using Firezone.Wire.Secrets;

namespace Firezone.Wire.Tests;

/// <summary>The devices, resources and relays of all examples.</summary>
internal static class Sample
{
    internal const string ClientKey = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    internal const string GatewayKey = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
    internal const string PresharedKey = "thsZ6mikkarENRUpdNoBNYXk746FK6e5mO9ruCJmvP8=";
    internal const string RelayUsername = "1767225600:xXzDtV05+ab3cvUI44IeCigIIjUsDQ8NJZ+6Y7dNqaA";
    internal const string RelayPassword = "+e8KXeD1ZIPmnVqotRHLeeJHhEzlIia9GlAFQ0kdFj0";

    internal static readonly Guid ClientId = new("11111111-1111-4111-8111-111111111111");
    internal static readonly Guid GatewayId = new("22222222-2222-4222-8222-222222222222");
    internal static readonly Guid ActorId = new("33333333-3333-4333-8333-333333333333");
    internal static readonly Guid RelayId = new("794258bf-b89b-4084-917e-44c666791a3d");
    internal static readonly Guid SiteId = new("7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0001");
    internal static readonly Guid InternetSiteId = new("7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0009");
    internal static readonly Guid WikiId = new("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001");
    internal static readonly Guid LabId = new("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0002");
    internal static readonly Guid InternetId = new("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0003");

    internal static readonly DateTimeOffset Expiry = DateTimeOffset.FromUnixTimeSeconds(1767225600);

    internal static readonly IceCredentials Ice = new("eokn", "5enp7ct6775ebzonvunxjy", "6m26", "gj5f2zjrxg6cwvtrtqgfva");

    internal static readonly ResourceView Wiki = new(
        WikiId,
        ResourceType.Dns,
        "Wiki",
        "**.wiki.example.com",
        "https://wiki.example.com",
        IpStack.Dual,
        [new ResourceFilter("tcp", ["443"]), new ResourceFilter("udp", ["100 - 200"]), new ResourceFilter("icmp", [])],
        SiteId,
        "Frankfurt");

    internal static readonly ResourceView Lab = new(
        LabId, ResourceType.Cidr, "Lab", "10.20.0.0/16", null, null, [], SiteId, "Frankfurt");

    internal static readonly ResourceView Internet = new(
        InternetId, ResourceType.Internet, "Internet", null, null, null, [], InternetSiteId, "Internet");

    internal static readonly IReadOnlyList<RelayEntry> Relays =
    [
        new(RelayId, "198.51.100.10:3478", RelayUsername, RelayPassword, 1767225600),
        new(RelayId, "[2001:db8::10]:3478", RelayUsername, RelayPassword, 1767225600),
    ];

    internal static readonly FlowClient FlowClient = new(
        ClientId, ClientKey, PresharedKey, "100.64.0.7", "fd00:2021:1111::7", "1.5.7", "Ubuntu", "24.4.0", "C02X");

    internal static readonly FlowSubject Subject = new(null, ActorId, "ada@example.com", "Ada");
}
