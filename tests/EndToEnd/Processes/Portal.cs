using System.Globalization;
using Firezone.Shared;

namespace Firezone.EndToEnd.Processes;

/// <summary>Silo and front-end as processes, on a database of their own.</summary>
internal sealed class Portal : IAsyncDisposable
{
    private readonly Dictionary<string, string> _common;
    private readonly int _siloPort = ServerPort.Next();
    private readonly int _siloGatewayPort = ServerPort.Next();

    private Portal(string connectionString, params (string Key, string Value)[] settings)
    {
        ConnectionString = connectionString;
        _common = new()
        {
            ["FIREZONE_DATABASE"] = connectionString,
            ["FrontEnd__HealthPort"] = "0",
            ["Admin__Url"] = "",
            ["Operations__Url"] = "",
            ["FrontEnd__ConnectRate__Enabled"] = "false",
            ["Firezone__FrontEndLease"] = "00:00:03",
            ["DOTNET_gcServer"] = "0",
        };
        foreach (var (key, value) in settings)
            _common[key] = value;
        FrontEndPort = ServerPort.Next();
    }

    public string ConnectionString { get; }

    public int FrontEndPort { get; }

    /// <summary>Where the first silo takes other silos.</summary>
    public int SiloPort => _siloPort;

    /// <summary>Where the first silo takes Orleans clients.</summary>
    public int SiloGatewayPort => _siloGatewayPort;

    public string Url => $"ws://127.0.0.1:{FrontEndPort}";

    public ServerProcess? Silo { get; private set; }

    public ServerProcess? SecondSilo { get; private set; }

    public ServerProcess? FrontEnd { get; private set; }

    public ServerProcess? SecondFrontEnd { get; private set; }

    public int SecondFrontEndPort { get; } = ServerPort.Next();

    /// <summary>One process that is silo and front-end.</summary>
    public static async Task<Portal> CoHostedAsync(params (string Key, string Value)[] settings) =>
        await CoHostedOnAsync(await NewDatabaseAsync(), settings);

    /// <summary>One process that is silo and front-end, on a database that is there already.</summary>
    public static async Task<Portal> CoHostedOnAsync(string connectionString, params (string Key, string Value)[] settings)
    {
        var portal = new Portal(connectionString);
        await portal.StartSiloAsync(frontEnd: true, settings);
        return portal;
    }

    /// <summary>One process that is silo and front-end, on a database with a replica.</summary>
    public static Task<Portal> ReplicatedAsync(PostgresCluster cluster, params (string Key, string Value)[] settings) =>
        CoHostedOnAsync(cluster.ConnectionString, [("FIREZONE_DATABASE_REPLICA", cluster.StandbyConnectionString), .. settings]);

    /// <summary>A silo without a front-end, and a front-end that is its Orleans client.</summary>
    public static async Task<Portal> SeparateAsync()
    {
        var portal = new Portal(await NewDatabaseAsync());
        return await portal.WhenAsync(portal.StartSiloAsync(frontEnd: false), portal.StartFrontEndAsync());
    }

    /// <summary>Two silos without front-ends, and a front-end that is their Orleans client.</summary>
    /// <param name="connectionString">Of a database that is there already.</param>
    /// <param name="settings">Of all three.</param>
    public static async Task<Portal> TwoSilosAsync(string? connectionString = null, params (string Key, string Value)[] settings)
    {
        var portal = new Portal(connectionString ?? await NewDatabaseAsync(), settings);
        return await portal.WhenAsync(portal.StartSiloAsync(frontEnd: false), portal.StartSecondSiloAsync(), portal.StartFrontEndAsync());
    }

    /// <summary>The same, with settings of the first silo alone.</summary>
    public static async Task<Portal> TwoSilosOfWhichOneAsync(params (string Key, string Value)[] settings)
    {
        var portal = new Portal(await NewDatabaseAsync());
        return await portal.WhenAsync(
            portal.StartSiloAsync(frontEnd: false, settings), portal.StartSecondSiloAsync(), portal.StartFrontEndAsync());
    }

    /// <summary>A silo without a front-end, and two front-ends that are its Orleans clients.</summary>
    public static async Task<Portal> TwoFrontEndsAsync(params (string Key, string Value)[] settings)
    {
        var portal = new Portal(await NewDatabaseAsync());
        return await portal.WhenAsync(
            portal.StartSiloAsync(frontEnd: false, settings), portal.StartFrontEndAsync(settings), portal.StartSecondFrontEndAsync(settings));
    }

    public async Task StartFrontEndAsync(params (string Key, string Value)[] settings) =>
        FrontEnd = await LaunchFrontEndAsync(FrontEndPort, settings);

    private async Task StartSecondFrontEndAsync(params (string Key, string Value)[] settings) =>
        SecondFrontEnd = await LaunchFrontEndAsync(SecondFrontEndPort, settings);

    private Task<ServerProcess> LaunchFrontEndAsync(int port, params (string Key, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>(_common) { ["FrontEnd__Urls"] = $"http://127.0.0.1:{port}" };
        foreach (var (key, value) in settings)
            environment[key] = value;
        return StartedAsync("Gateway.WebSockets", environment, $"http://127.0.0.1:{port}/readyz");
    }

    /// <summary>Waits for a line of either silo's output.</summary>
    public async Task AnySiloLineAsync(Func<string, bool> matches)
    {
        var lines = new[] { Silo!.LineAsync(matches), SecondSilo!.LineAsync(matches) };
        await await Task.WhenAny(lines);
    }

    /// <summary>Starts one more program on the same database and waits for nothing.</summary>
    /// <param name="project">Its project.</param>
    /// <param name="http">Where it answers HTTP.</param>
    /// <param name="siloPort">Where it takes other silos, if it is one.</param>
    /// <param name="settings">Besides those without which nothing would work; none of the others'.</param>
    public ServerProcess Launch(string project, int http, int siloPort, params (string Key, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["FIREZONE_DATABASE"] = ConnectionString,
            ["FrontEnd__HealthPort"] = "0",
            ["FrontEnd__Urls"] = $"http://127.0.0.1:{http}",
            ["Admin__Url"] = "",
            ["Operations__Url"] = "",
            ["Silo__Port"] = siloPort.ToString(CultureInfo.InvariantCulture),
            ["Silo__GatewayPort"] = ServerPort.Next().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in settings)
            environment[key] = value;
        return ServerProcess.Start(project, environment);
    }

    // A program that does not come up must not outlive the test that it fails.
    private static async Task<ServerProcess> StartedAsync(string project, Dictionary<string, string> environment, string readiness)
    {
        var program = ServerProcess.Start(project, environment);
        try
        {
            await program.ReadyAsync(readiness);
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ServerProcess?[])[FrontEnd, SecondFrontEnd, SecondSilo, Silo])
        {
            if (process is not null)
                await process.DisposeAsync();
        }
    }

    private static async Task<string> NewDatabaseAsync() => await (await PostgresServer.GetAsync()).CreateDatabaseAsync("portal");

    // The programs start side by side, as they may anywhere: each waits for what it needs.
    private async Task<Portal> WhenAsync(params Task[] starts)
    {
        try
        {
            await Task.WhenAll(starts);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task StartSecondSiloAsync() =>
        SecondSilo = await LaunchSiloAsync(ServerPort.Next(), ServerPort.Next(), frontEnd: false);

    private async Task StartSiloAsync(bool frontEnd, params (string Key, string Value)[] settings) =>
        Silo = await LaunchSiloAsync(_siloPort, _siloGatewayPort, frontEnd, settings);

    private async Task<ServerProcess> LaunchSiloAsync(int port, int gatewayPort, bool frontEnd, params (string Key, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>(_common)
        {
            ["Silo__Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["Silo__GatewayPort"] = gatewayPort.ToString(CultureInfo.InvariantCulture),
            ["Silo__FrontEnd"] = frontEnd ? "true" : "false",
            ["FrontEnd__Urls"] = $"http://127.0.0.1:{FrontEndPort}",
        };
        var health = ServerPort.Next();
        environment["Silo__HealthPort"] = health.ToString(CultureInfo.InvariantCulture);
        foreach (var (key, value) in settings)
            environment[key] = value;
        return await StartedAsync("Silos", environment, $"http://127.0.0.1:{(frontEnd ? FrontEndPort : health)}/readyz");
    }
}
