using System.Security.Cryptography;
using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Wire.Frames;

namespace Firezone.Edge.Simulation;

/// <summary>A relay that joins, says nothing and relays nothing.</summary>
public sealed class SimulatedRelay : SimulatedDevice
{
    private readonly ObservedLog<bool> _inits = new();

    /// <summary>Makes a relay with a fresh stamp secret.</summary>
    public SimulatedRelay(SimulatedDeviceOptions options, SimulationServices services)
        : this(options, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), services)
    {
    }

    private SimulatedRelay(SimulatedDeviceOptions options, string stampSecret, SimulationServices services)
        : base(options.Name, Options(options, stampSecret), services) => StampSecret = stampSecret;

    /// <summary>From which the portal derives this relay's id and the credentials that peers get for it.</summary>
    public string StampSecret { get; }

    /// <summary>Waits for <c>init</c>: the portal offers the relay to peers from then on.</summary>
    /// <exception cref="SimulationException">It did not come.</exception>
    public Task ReadyAsync(CancellationToken ct) => WaitAsync(token => _inits.FirstAsync(_ => true, 0, token), "its init", ct);

    /// <inheritdoc/>
    protected override void OnMessage(PortalMessage message)
    {
        Heard(message, "");
        if (message.Event == Events.Init)
            _inits.Add(true);
    }

    private static PortalChannelOptions Options(SimulatedDeviceOptions options, string stampSecret)
    {
        var parameters = new Dictionary<string, string?> { ["ipv4"] = "127.0.0.1", ["port"] = "3478" };
        return options.ForChannel(PortalRole.Relay, "relay", "0.1.0", parameters) with { StampSecret = stampSecret };
    }
}
