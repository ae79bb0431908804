using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Gateway.WebSockets.Hosting;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Shared;
using Firezone.Silos.Hosting;
using Firezone.Storage.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Firezone.EndToEnd.Observability;

/// <summary>A silo with a front-end in this process, put together as its program does it, so that its telemetry can be looked at.</summary>
internal sealed class ObservedNode : IAsyncDisposable
{
    /// <summary>Setting: the database is given as its own replica too, which it is not, so that what is told of replicas can be seen.</summary>
    public const string OwnReplica = "Observed:OwnReplica";

    private readonly WebApplication _app;

    private ObservedNode(WebApplication app, Database database, int port, int healthPort, ConcurrentQueue<Activity> spans)
    {
        (_app, Database, Port, HealthPort, Spans) = (app, database, port, healthPort, spans);
    }

    public IServiceProvider Services => _app.Services;

    public Database Database { get; }

    public int Port { get; }

    public int HealthPort { get; }

    /// <summary>Those that have ended, if traces are exported at all.</summary>
    public ConcurrentQueue<Activity> Spans { get; }

    public static async Task<ObservedNode> StartAsync(params (string Key, string? Value)[] settings)
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync("observed");
        var (port, healthPort) = (ServerPort.Next(), ServerPort.Next());
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(SiloHosting).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Silo:Port"] = Text(ServerPort.Next()),
            ["Silo:GatewayPort"] = Text(ServerPort.Next()),
            ["FrontEnd:Urls"] = $"http://127.0.0.1:{port}",
            ["FrontEnd:HealthPort"] = Text(healthPort),
            ["FrontEnd:ConnectRate:Enabled"] = "false",
            ["Logging:LogLevel:Default"] = "Warning",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => s.Value));
        builder.AddNodeLogging();
        builder.AddFirezoneTelemetry("observed");
        builder.AddFirezoneSilo(builder.ReadSiloOptions(), connectionString, builder.Configuration[OwnReplica] is null ? null : connectionString);
        builder.AddFirezoneFrontEnd();
        var spans = new ConcurrentQueue<Activity>();
        if (builder.Configuration.IsTraced())
        {
            builder.Services.ConfigureOpenTelemetryTracerProvider(
                (_, traces) => traces.AddProcessor(new SimpleActivityExportProcessor(new QueueExporter(spans))));
        }

        var app = builder.Build();
        app.MapFirezoneFrontEnd();
        await app.StartAsync();
        using var http = new HttpClient();
        while (!(await http.GetAsync($"http://127.0.0.1:{port}/readyz")).IsSuccessStatusCode)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        return new ObservedNode(app, new Database(connectionString), port, healthPort, spans);
    }

    /// <summary>One account with a client and a gateway, from their connects to a flow between them.</summary>
    /// <returns>The account and both peers, still connected.</returns>
    public async Task<(TestAccount Account, V1Peer Client, V1Peer Gateway)> ServeFlowAsync()
    {
        var account = await TestAccount.CreateAsync(Database);
        var gateway = await Flows.FlowScript.GatewayAsync(Port, account);
        await gateway.JoinAsync();
        var client = await Flows.FlowScript.ClientAsync(Port, account);
        await client.JoinAsync();
        await Flows.FlowScript.RunAsync(client, gateway, account);
        await client.HeartbeatAsync();
        return (account, client, gateway);
    }

    /// <summary>Afterwards all spans are there.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class QueueExporter(ConcurrentQueue<Activity> spans) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
                spans.Enqueue(span);
            return ExportResult.Success;
        }
    }
}
