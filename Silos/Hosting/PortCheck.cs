using System.Net;
using System.Net.Sockets;
using Firezone.Silos.Operations.Hosting;

namespace Firezone.Silos.Hosting;

/// <summary>Says which port is taken before anything is started, in one line instead of a stack trace.</summary>
public static class PortCheck
{
    /// <summary>Tries each port that this node will listen on.</summary>
    /// <exception cref="NodeStartException">A port is in use.</exception>
    public static void Demand(IConfiguration configuration, SiloOptions options)
    {
        var advertised = options.ListenOnAnyAddress ? IPAddress.Any : IPAddress.Parse(options.AdvertisedAddress);
        Demand(advertised, options.Port, "silo", $"{SiloOptions.SectionName}__{nameof(options.Port)}");
        Demand(advertised, options.GatewayPort, "Orleans gateway", $"{SiloOptions.SectionName}__{nameof(options.GatewayPort)}");
        if (Uri.TryCreate(configuration["Admin:Url"] ?? "http://127.0.0.1:8085", UriKind.Absolute, out var admin))
            Demand(IPAddress.Loopback, admin.Port, "admin API", "Admin__Url");
        if (Uri.TryCreate(configuration["Operations:Url"] ?? OperationsOptions.DefaultUrl, UriKind.Absolute, out var operations))
            Demand(IPAddress.Loopback, operations.Port, "operations", "Operations__Url");
        if (!options.FrontEnd)
        {
            Demand(IPAddress.Any, options.HealthPort, "health", $"{SiloOptions.SectionName}__{nameof(options.HealthPort)}");
            return;
        }

        var urls = configuration["FrontEnd:Urls"] ?? configuration["Urls"] ?? "http://127.0.0.1:8081";
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.TryCreate(url.Replace("*", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri))
                Demand(IPAddress.Loopback, uri.Port, "front-end", "FrontEnd__Urls");
        }

        Demand(IPAddress.Any, configuration.GetValue("FrontEnd:HealthPort", 4000), "health", "FrontEnd__HealthPort");
    }

    private static void Demand(IPAddress address, int port, string what, string variable)
    {
        if (port == 0)
            return;
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
        }
        catch (SocketException e)
        {
            throw new NodeStartException(
                $"The {what} port {port} cannot be used ({e.SocketErrorCode}). Stop the program that holds it, or set {variable} to another.", e);
        }
    }
}
