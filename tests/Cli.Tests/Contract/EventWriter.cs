using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Firezone.Cli.Tests.Contract;

/// <summary>Writes server-sent events.</summary>
internal sealed class EventWriter(HttpResponse response)
{
    /// <summary>The client has gone.</summary>
    public CancellationToken Gone => response.HttpContext.RequestAborted;

    public async Task SendAsync(string name, JsonObject data)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: {data.ToJsonString()}\n\n"), Gone);
        await response.Body.FlushAsync(Gone);
    }

    public Task ReadyAsync(string at = "2026-01-01T00:00:00Z") => SendAsync("ready", new JsonObject { ["at"] = at });
}
