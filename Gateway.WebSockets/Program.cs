// The front-end as a process of its own: a client of the cluster that serves the devices' sockets. Silos call the same two methods.
using Firezone.Gateway.WebSockets.Cluster.Tls;
using Firezone.Gateway.WebSockets.Hosting;
using Firezone.Gateway.WebSockets.Telemetry;

// Files of settings are read once: watching them means to be woken by every file that changes below the directory, a database's among them.
var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
builder.WebHost.UseKestrelHttpsConfiguration();
builder.AddFirezoneTelemetry("firezone-front-end");
try
{
    builder.AddFirezoneClusterClient();
}
catch (TlsConfigurationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

builder.AddFirezoneFrontEnd();

var app = builder.Build();
app.MapFirezoneFrontEnd();
var stopping = app.Lifetime.ApplicationStopping;
try
{
    app.Run();
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    // Told to stop before the first silo was found.
}

return 0;
