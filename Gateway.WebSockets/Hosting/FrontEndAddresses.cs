using Firezone.Gateway.WebSockets.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Firezone.Gateway.WebSockets.Hosting;

/// <summary>Decides where to listen.</summary>
internal static class FrontEndAddresses
{
    private const string Default = "http://127.0.0.1:8081";

    /// <summary>
    /// <c>FrontEnd:Urls</c>, else what ASP.NET Core has been told (<c>--urls</c>, <c>ASPNETCORE_URLS</c>, <c>ASPNETCORE_HTTP_PORTS</c>),
    /// else the default; and the health port on the same host. Endpoints in the section <c>Kestrel</c> win over all of these.
    /// </summary>
    internal static void Configure(WebApplicationBuilder builder, FrontEndOptions options)
    {
        if (options.Urls is null && builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            if (options.HealthPort > 0)
                builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.ListenAnyIP(options.HealthPort));
            return;
        }

        var urls = options.Urls
            ?? builder.Configuration[WebHostDefaults.ServerUrlsKey]
            ?? Ports("http", builder.Configuration[WebHostDefaults.HttpPortsKey])
            ?? Default;
        if (options.HealthPort > 0)
            urls += $";http://{Host(urls)}:{options.HealthPort}";
        builder.WebHost.UseUrls(urls);
    }

    private static string? Ports(string scheme, string? ports) =>
        string.IsNullOrWhiteSpace(ports)
            ? null
            : string.Join(';', ports.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(port => $"{scheme}://*:{port}"));

    private static string Host(string urls)
    {
        var host = BindingAddress.Parse(urls.Split(';')[0].Trim()).Host;
        return host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host;
    }
}
