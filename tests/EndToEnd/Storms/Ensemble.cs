using System.Globalization;
using Firezone.EndToEnd.Processes;
using Firezone.Shared;

namespace Firezone.EndToEnd.Storms;

/// <summary>Silos and front-ends, each a process of its own with the limits of production, on a database of their own.</summary>
internal sealed class Ensemble : IAsyncDisposable
{
    private readonly List<Node> _silos = [];
    private readonly List<Node> _frontEnds = [];
    private (string Key, string Value)[] _settings = [];

    private readonly OwnServer? _server;

    private Ensemble(string connectionString, OwnServer? server = null) => (ConnectionString, _server) = (connectionString, server);

    public string ConnectionString { get; }

    public IReadOnlyList<Node> Silos => _silos;

    public IReadOnlyList<Node> FrontEnds => _frontEnds;

    /// <summary>A database in which nothing runs yet: what is made in it now is followed by nobody.</summary>
    public static async Task<Ensemble> CreateAsync() =>
        new(await (await PostgresServer.GetAsync()).CreateDatabaseAsync("storm"));

    /// <summary>The same on a server of its own that writes to the disk before it answers, as in production.</summary>
    public static async Task<Ensemble> CreateDurableAsync()
    {
        var server = await OwnServer.StartAsync(durable: true, ("fsync", "on"), ("synchronous_commit", "on"));
        return new(server.ConnectionString, server);
    }

    /// <param name="silos">How many.</param>
    /// <param name="frontEnds">How many.</param>
    /// <param name="settings">Of all of them.</param>
    public async Task StartAsync(int silos, int frontEnds, params (string Key, string Value)[] settings)
    {
        _settings = settings;
        for (var i = 0; i < silos; i++)
            _silos.Add(Silo());
        for (var i = 0; i < frontEnds; i++)
            _frontEnds.Add(FrontEnd());
        await Task.WhenAll(_silos.Select(silo => silo.StartAsync()));
        await Task.WhenAll(_frontEnds.Select(frontEnd => frontEnd.StartAsync()));
    }

    /// <summary>Adds a silo.</summary>
    /// <param name="settings">Of this one.</param>
    public async Task AddSiloAsync(params (string Key, string Value)[] settings)
    {
        _settings = settings;
        _silos.Add(Silo());
        await _silos[^1].StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _frontEnds.Concat(_silos))
            await node.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private Node Silo()
    {
        var health = ServerPort.Next();
        return new Node("Silos", health, new(Common())
        {
            ["Silo__Port"] = Text(ServerPort.Next()),
            ["Silo__GatewayPort"] = Text(ServerPort.Next()),
            ["Silo__HealthPort"] = Text(health),
            ["Silo__FrontEnd"] = "false",
        });
    }

    private Node FrontEnd()
    {
        var port = ServerPort.Next();
        return new Node("Gateway.WebSockets", port, new(Common()) { ["FrontEnd__Urls"] = $"http://127.0.0.1:{Text(port)}" });
    }

    private Dictionary<string, string> Common()
    {
        var common = new Dictionary<string, string>
        {
            ["FIREZONE_DATABASE"] = ConnectionString,
            ["FrontEnd__HealthPort"] = "0",
            ["Admin__Url"] = "",
            ["Operations__Url"] = "",
            ["DOTNET_gcServer"] = "0",
        };
        foreach (var (key, value) in _settings)
            common[key] = value;
        return common;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
