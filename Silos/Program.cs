using Firezone.Gateway.WebSockets.Hosting;
using Firezone.Silos.AllInOne;
using Firezone.Silos.Hosting;

// Reads like the node's list of contents: database, silo, front-end, then run until told to stop.
var builder = WebApplication.CreateBuilder(args);
builder.AddNodeLogging();

try
{
    await using var database = await NodeDatabase.PrepareAsync(builder.Configuration);
    var options = builder.ReadSiloOptions();
    PortCheck.Demand(builder.Configuration, options);

    builder.AddFirezoneSilo(options, database.ConnectionString);
    if (options.FrontEnd)
        builder.AddFirezoneFrontEnd();
    else
        builder.AddSiloHealth(options);

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
