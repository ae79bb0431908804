using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using Firezone.Shared;

namespace Firezone.EndToEnd.Outages;

/// <summary>A portal whose way to its own database server goes through a proxy.</summary>
public sealed class OutageFixture : IAsyncLifetime
{
    private Portal? _portal;

    internal OwnServer Server { get; private set; } = null!;

    internal FaultProxy Proxy { get; private set; } = null!;

    internal Portal Portal => _portal!;

    public async Task InitializeAsync()
    {
        Server = await OwnServer.StartAsync();
        Proxy = new FaultProxy(Server.Port);
        // A small pool, so that it is soon used up.
        _portal = await Portal.CoHostedOnAsync(Server.ConnectionStringThrough(Proxy) + ";Maximum Pool Size=8");
    }

    public async Task DisposeAsync()
    {
        // Null when it did not come up.
        if (_portal is not null)
            await _portal.DisposeAsync();
        await Proxy.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>A flow under way; the test itself reaches the database past the proxy.</summary>
    internal Task<FlowScene> FlowAsync() => FlowScene.OpenAsync(Portal, database: Server.ConnectionString);
}
