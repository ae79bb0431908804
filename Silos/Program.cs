using Firezone.Admin.Hosting;
using Firezone.Gateway.WebSockets.Cluster.Tls;
using Firezone.Gateway.WebSockets.Hosting;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Sessions;
using Firezone.Silos.AllInOne;
using Firezone.Silos.Commands;
using Firezone.Silos.Hosting;
using Firezone.Silos.Operations.Hosting;

if (OperatorTokenCommand.Is(args))
    return await OperatorTokenCommand.RunAsync(args);
if (MigrateCommand.Is(args))
    return await MigrateCommand.RunAsync(args);
if (CheckSocketCommand.Is(args))
    return await CheckSocketCommand.RunAsync(args);

StartEnvironment.Complete(args);

// Reads like the node's list of contents: database, silo, front-end, admin API, pages for operators, then run until told to stop.
// What the web host is given is what this node uses: HTTP/1 and HTTP/2, and certificates if an endpoint has one.
// Files of settings are read once: watching them means to be woken by every file that changes below the directory, a database's among them.
var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
builder.WebHost.UseKestrelHttpsConfiguration();
builder.AddNodeLogging();
builder.AddFirezoneTelemetry("firezone-silo");

try
{
    await using var database = await NodeDatabase.PrepareAsync(builder.Configuration);
    var options = builder.ReadSiloOptions();
    PortCheck.Demand(builder.Configuration, options);

    builder.AddFirezoneSilo(options, database.ConnectionString, database.Replicas);
    if (options.FrontEnd)
        builder.AddFirezoneFrontEnd();
    else
        builder.AddSiloHealth(options);
    builder.AddFirezoneAdmin(database.ConnectionString);
    builder.AddFirezoneOperations(database.ConnectionString);

    await using var app = builder.Build();
    if (options.FrontEnd)
        app.MapFirezoneFrontEnd();
    else
        app.MapSiloHealth();

    await app.StartAsync();
    if (database.AllInOne)
        await DemoBanner.PrintAsync(app, database);
    else
        app.LogReady(options);
    using var memory = new IdleMemory(app.Services.GetRequiredService<LocalSessions>(), TimeProvider.System);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is NodeStartException or TlsConfigurationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
