using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Firezone.Cli.Tests.Contract;

/// <summary>One HTTP server for all tests. Each test has a world of its own below a path of its own.</summary>
internal static class ContractHost
{
    private static readonly ConcurrentDictionary<string, ContractWorld> Worlds = new();
    private static readonly Lazy<Task<Uri>> Started = new(StartAsync);

    /// <summary>Makes a world reachable.</summary>
    public static async Task<Uri> ServeAsync(ContractWorld world)
    {
        var name = $"w{Guid.NewGuid():N}";
        Worlds[name] = world;
        return new Uri(await Started.Value, name);
    }

    private static async Task<Uri> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(HandleAsync);
        await app.StartAsync();
        return new Uri(app.Urls.Single());
    }

    private static Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var end = path.IndexOf('/', 1);
        return Worlds[path[1..end]].HandleAsync(context, path[end..]);
    }
}
