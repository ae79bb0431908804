// The front-end as a process of its own: a client of the cluster that serves the devices' sockets. Silos call the same two methods.
using Firezone.Gateway.WebSockets.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddFirezoneClusterClient();
builder.AddFirezoneFrontEnd();

var app = builder.Build();
app.MapFirezoneFrontEnd();
app.Run();
