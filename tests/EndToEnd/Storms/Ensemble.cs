using System.Globalization;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;

namespace Firezone.EndToEnd.Storms;

/// <summary>Silos and front-ends, each a process of its own with the limits of production, on a database of their own.</summary>
internal sealed class Ensemble : IAsyncDisposable
{
    private readonly List<Node> _silos = [];
    private readonly List<Node> _frontEnds = [];

    private Ensemble(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public IReadOnlyList<Node> Silos => _silos;

    public IReadOnlyList<Node> FrontEnds => _frontEnds;

    /// <summary>A database in which nothing runs yet: what is made in it now is followed by nobody.</summary>
    public static async Task<Ensemble> CreateAsync() =>
        new(await (await PostgresServer.GetAsync()).CreateDatabaseAsync("storm"));

    public async Task StartAsync(int silos, int frontEnds)
    {
        for (var i = 0; i < silos; i++)
            _silos.Add(Silo());
        for (var i = 0; i < frontEnds; i++)
            _frontEnds.Add(FrontEnd());
        await Task.WhenAll(_silos.Select(silo => silo.StartAsync()));
        await Task.WhenAll(_frontEnds.Select(frontEnd => frontEnd.StartAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _frontEnds.Concat(_silos))
            await node.DisposeAsync();
    }

    private Node Silo()
    {
        var health = ServerProcess.FreePort();
        return new Node("Silos", health, new(Common())
        {
            ["Silo__Port"] = Text(ServerProcess.FreePort()),
            ["Silo__GatewayPort"] = Text(ServerProcess.FreePort()),
            ["Silo__HealthPort"] = Text(health),
            ["Silo__FrontEnd"] = "false",
        });
    }

    private Node FrontEnd()
    {
        var port = ServerProcess.FreePort();
        return new Node("Gateway.WebSockets", port, new(Common()) { ["FrontEnd__Urls"] = $"http://127.0.0.1:{Text(port)}" });
    }

    private Dictionary<string, string> Common() => new()
    {
        ["FIREZONE_DATABASE"] = ConnectionString,
        ["FrontEnd__HealthPort"] = "0",
        ["Admin__Url"] = "",
        ["DOTNET_gcServer"] = "0",
    };

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
