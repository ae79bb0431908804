using System.CommandLine;
using System.Net;
using Firezone.Edge.PortalClient.Addressing;
using Firezone.Edge.Simulation;

namespace Firezone.Bench.Simulate;

/// <summary>The verb <c>simulate</c>: a relay, a gateway and a client against a portal, with a transcript.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "Portal, such as ws://127.0.0.1:8081", Required = true };
        var clientToken = Token("--client-token", "A client's");
        var gatewayToken = Token("--gateway-token", "A gateway's (site)");
        var relayToken = Token("--relay-token", "A relay's");
        var resource = new Option<string?>("--resource") { Description = "Name of the resource to ask for; default: the first" };
        var flows = new Option<int>("--flows") { Description = "How many flows to play, in sequence", DefaultValueFactory = _ => 1 };
        var patience = new Option<double>("--timeout") { Description = "Seconds to wait for each answer", DefaultValueFactory = _ => 10 };
        var source = new Option<string?>("--source") { Description = "Local address to connect from, such as 127.0.0.7" };
        flows.Validators.Add(result =>
        {
            if (result.GetValue(flows) < 1)
                result.AddError("--flows must be at least 1.");
        });

        var command = new Command("simulate", "Connects a relay, a gateway and a client and plays flows between them.")
        {
            url, clientToken, gatewayToken, relayToken, resource, flows, patience, source,
        };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                var scenario = new Scenario(
                    PortalAddress.Parse(parsed.GetRequiredValue(url)),
                    parsed.GetRequiredValue(clientToken),
                    parsed.GetRequiredValue(gatewayToken),
                    parsed.GetRequiredValue(relayToken),
                    parsed.GetValue(resource),
                    parsed.GetValue(flows),
                    TimeSpan.FromSeconds(parsed.GetValue(patience)),
                    parsed.GetValue(source) is { } address ? IPAddress.Parse(address) : null);
                return await scenario.RunAsync(Console.Out, ct) ? 0 : 1;
            }
            catch (Exception e) when (e is SimulationException or FormatException)
            {
                await Console.Out.WriteLineAsync($"FAILED: {e.Message}");
                return 1;
            }
        });
        return command;
    }

    private static Option<string> Token(string name, string whose) => new(name)
    {
        Description = $"{whose} token; default: the environment variable FIREZONE_{name[2..].Replace('-', '_').ToUpperInvariant()}",
        Required = true,
        DefaultValueFactory = result =>
        {
            var variable = $"FIREZONE_{name[2..].Replace('-', '_').ToUpperInvariant()}";
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
                return value;
            result.AddError($"{name} or {variable} is missing.");
            return "";
        },
    };
}
