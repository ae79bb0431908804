using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Tests.Cluster;

namespace Firezone.Grains.Tests.Model;

/// <summary>A gateway program of a site.</summary>
internal sealed class GatewayDevice(GrainCluster cluster, string name, string version)
{
    private int _starts;

    public string Name { get; } = name;

    public string Version { get; } = version;

    /// <summary>Of the site that it joins.</summary>
    public (Guid Id, Guid SiteId, string Text) Token { get; set; }

    /// <summary>What the process serves; lost with it.</summary>
    public Dictionary<(Guid ClientId, Guid ResourceId), GatewaySession.Access> Held { get; private set; } = [];

    public GatewaySession[] Sessions { get; private set; } = [];

    public GatewaySession? Open => Sessions.LastOrDefault(session => session.End is null);

    public Refusal Refused { get; private set; }

    /// <summary>Flows are acknowledged some time later.</summary>
    public bool IsSlow { get; set; }

    /// <summary>Another process with the same identity: its keys are new, and it serves nothing.</summary>
    public void Restart()
    {
        _starts++;
        Held = [];
    }

    /// <summary>Forgets the sockets that are closed.</summary>
    public void BeginStep()
    {
        Refused = Refusal.None;
        Sessions = [.. Sessions.Where(session => session.End is null)];
    }

    public async Task ConnectAsync()
    {
        var attributes = new GatewayAttributes(Name, ClientDevice.Key($"{Name}/{_starts}"), Name, Version);
        var admission = await cluster.Client.GetGrain<IAdmissionGrain>(0).AdmitGateway(
            new(Token.Text, attributes, null, "203.0.113.50", $"Debian/12 gateway/{Version}", new("DE", null, null, null)));
        Refused = admission.Refusal;
        if (admission.Ticket is not { } ticket)
            return;
        // What comes over the socket before is not read any more.
        if (Open is { } before)
            before.Abandon();
        var session = new GatewaySession(cluster, Name, ticket, Held);
        Sessions = [.. Sessions, session];
        await session.AttachAsync();
    }
}
