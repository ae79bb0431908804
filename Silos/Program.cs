using Firezone.Admin.Hosting;
using Firezone.Gateway.WebSockets.Hosting;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Silos.AllInOne;
using Firezone.Silos.Commands;
using Firezone.Silos.Hosting;

if (OperatorTokenCommand.Is(args))
    return await OperatorTokenCommand.RunAsync(args);

// Reads like the node's list of contents: database, silo, front-end, admin API, then run until told to stop.
var builder = WebApplication.CreateBuilder(args);
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
    await app.WaitForShutdownAsync();
    return 0;
}
catch (NodeStartException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
