using Firezone.Admin.Hosting;
using Firezone.Silos.Hosting;
using Firezone.Silos.Operations.Hosting;
using Firezone.Storage.Postgres;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace Firezone.Silos.AllInOne;

/// <summary>What an all-in-one node prints when it is ready.</summary>
public static class DemoBanner
{
    /// <summary>Makes sure of the demo account and prints addresses, tokens and a command to try.</summary>
    public static async Task PrintAsync(WebApplication app, NodeDatabase database)
    {
        var tokens = await DemoAccount.EnsureAsync(app.Services.GetRequiredService<Database>(), database.DataDirectory, TimeProvider.System);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var health = app.Configuration.GetValue("FrontEnd:HealthPort", 4000);
        var front = addresses.FirstOrDefault(a => !a.EndsWith($":{health}", StringComparison.Ordinal)) ?? "http://127.0.0.1:8081";
        var url = front.Replace("http", "ws", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal);
        var admin = app.Services.GetService<AdminServer>()?.Address;
        var operations = app.Services.GetService<OperationsServer>()?.Address;
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var silo = app.Configuration.GetSection(SiloOptions.SectionName).Get<SiloOptions>() ?? new SiloOptions();

        Console.WriteLine($"""

            Firezone.Orleans is ready.

              devices      {url}/client/websocket  /gateway/websocket  /relay/websocket
              health       {(health == 0 ? front : $"http://127.0.0.1:{health}")}/healthz  /readyz
              admin API    {admin ?? "off"}
              overview     {operations ?? "off"}/
              dashboard    {operations ?? "off"}/dashboard/
              silo         {silo.AdvertisedAddress}:{silo.Port}, Orleans clients on :{silo.GatewayPort}
              PostgreSQL   {server.Host}:{server.Port}, database {server.Database}{(database.IsEmbedded ? $" (files in {database.DataDirectory})" : "")}

            Tokens of the account "{DemoAccount.Slug}":

              client       {tokens.Client}
              gateway      {tokens.Gateway}
              relay        {tokens.Relay}
              admin API    {tokens.Admin}

            Sign in to overview and dashboard

              user         operator
              password     {tokens.Operator}

            See a flow: paste this into another terminal, in this directory

              ./simulate --url {url} \
                --client-token {tokens.Client} \
                --gateway-token {tokens.Gateway} \
                --relay-token {tokens.Relay}

            Ask the admin API

              curl -s -H 'Authorization: Bearer {tokens.Admin}' {admin ?? "http://127.0.0.1:8085"}/v1/resources

            Ctrl-C stops everything.

            """);
    }
}
