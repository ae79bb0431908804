using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Firezone.Gateway.WebSockets.Hosting;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Shared;
using Firezone.Silos.Hosting;
using Firezone.Silos.Operations.Hosting;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.Operations.Tests.Support;

/// <summary>A silo with a front-end and the pages for operators in this process, put together as its program does it.</summary>
public sealed class OperationsNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OperationsNode(WebApplication app, string connectionString, int port, string token)
    {
        (_app, Port, Token) = (app, port, token);
        ConnectionString = connectionString;
        Database = new Database(connectionString);
        Provisioner = new Provisioner(Database);
    }

    public string ConnectionString { get; }

    public Database Database { get; }

    public Provisioner Provisioner { get; }

    /// <summary>Of the devices' listener.</summary>
    public int Port { get; }

    /// <summary>Of an operator.</summary>
    public string Token { get; }

    public string Url => Server.Address;

    internal OperationsServer Server => Service<OperationsServer>();

    internal T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<OperationsNode> StartAsync(params (string Key, string? Value)[] settings) =>
        await StartAsync(await (await PostgresServer.GetAsync()).CreateDatabaseAsync("operations"), settings);

    /// <param name="connectionString">Of a database that is there already.</param>
    /// <param name="settings">Besides the usual ones.</param>
    public static async Task<OperationsNode> StartAsync(string connectionString, params (string Key, string? Value)[] settings)
    {
        var port = ServerPort.Next();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(SiloHosting).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Silo:Port"] = ServerPort.Next().ToString(CultureInfo.InvariantCulture),
            ["Silo:GatewayPort"] = ServerPort.Next().ToString(CultureInfo.InvariantCulture),
            ["FrontEnd:Urls"] = $"http://127.0.0.1:{port}",
            ["FrontEnd:HealthPort"] = "0",
            ["FrontEnd:Name"] = "front-end-1",
            ["FrontEnd:Region"] = "gcp/us-east1",
            ["Firezone:Region"] = "gcp/us-east1",
            ["FrontEnd:ConnectRate:Enabled"] = "false",
            ["Operations:Url"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "Warning",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => s.Value));
        builder.AddNodeLogging();
        builder.AddFirezoneTelemetry("operations");
        builder.AddFirezoneSilo(builder.ReadSiloOptions(), connectionString);
        builder.AddFirezoneFrontEnd();
        builder.AddFirezoneOperations(connectionString);
        var app = builder.Build();
        app.MapFirezoneFrontEnd();
        await app.StartAsync();
        using var http = new HttpClient();
        while (!(await http.GetAsync($"http://127.0.0.1:{port}/readyz")).IsSuccessStatusCode)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        await using var database = new Database(connectionString);
        var token = await new Provisioner(database).IssueOperatorTokenAsync("test");
        return new OperationsNode(app, connectionString, port, token.Text);
    }

    /// <summary>Asks without following redirects.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string path, string? token = null, HttpMethod? method = null, bool asBasic = false, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Url + path);
        if (token is not null)
        {
            request.Headers.Authorization = asBasic
                ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{token}")))
                : new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Database.Write.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }
}
