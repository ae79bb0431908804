using System.Text.Json.Nodes;
using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Commands;

public sealed class CommandTests
{
    public static TheoryData<string> Lines => [.. Scenarios.All.Select(scenario => scenario.Line)];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_command_becomes_the_request_that_it_stands_for(string line)
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        var scenario = Scenarios.All.Single(candidate => candidate.Line == line);
        portal.Environment["FIREZONE_API_TOKEN"] = scenario.Token;
        portal.World.Streams.Enqueue(async events =>
        {
            await events.ReadyAsync();
            await events.SendAsync("session.opened", new JsonObject { ["id"] = "s", ["opened_at"] = ContractStore.Now });
        });

        (await portal.RunAsync(Furnished.Fill(line, ids))).Good();

        var call = portal.World.Calls.Last(made => made.Operation == scenario.Call && made.Path.Contains(Furnished.Fill(scenario.Path, ids)));
        Assert.Equal(Parameters(Furnished.Fill(scenario.Query, ids)), Parameters(call.Query));
        var expected = scenario.Body is null ? null : JsonNode.Parse(Furnished.Fill(scenario.Body, ids));
        Assert.True(JsonNode.DeepEquals(expected, call.Body), $"sent {call.Body?.ToJsonString()}\nexpected {expected?.ToJsonString()}");
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_command_prints_JSON_for_machines(string line)
    {
        var scenario = Scenarios.All.Single(candidate => candidate.Line == line);
        if (scenario.Call.StartsWith("DELETE", StringComparison.Ordinal) || line.StartsWith("watch", StringComparison.Ordinal))
            return;
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        portal.Environment["FIREZONE_API_TOKEN"] = scenario.Token;

        var printed = await portal.JsonAsync(Furnished.Fill(line, ids));

        Assert.Equal(scenario.IsList, printed is JsonArray);
    }

    [Theory]
    [InlineData("sites rename Frankfurt")]
    [InlineData("sites")]
    [InlineData("")]
    [InlineData("sites lst")]
    [InlineData("sites list --limit 0")]
    [InlineData("sites list --limit many")]
    [InlineData("resources create x --type magic")]
    [InlineData("resources create x --type dns --filter gre")]
    [InlineData("policies create --group Engineers")]
    [InlineData("policies create --group Engineers --resource Wiki --condition 'moon is full'")]
    [InlineData("policies show Engineers")]
    [InlineData("actors update Ada")]
    [InlineData("client-tokens create Builder --expires soon")]
    [InlineData("accounts create-token Acme x --actor Ada --role admin")]
    [InlineData("sites list --token-file /does/not/exist")]
    [InlineData("completion tcsh")]
    [InlineData("bench")]
    [InlineData("bench --portal http://127.0.0.1:1")]
    [InlineData("bench --portal wss://127.0.0.1:1")]
    [InlineData("bench --portal ws://192.0.2.1:8081")]
    [InlineData("bench --portal ws://127.0.0.1:1 --clients 0")]
    [InlineData("bench --portal ws://127.0.0.1:1 --connect-rate 0")]
    [InlineData("bench --portal ws://127.0.0.1:1 --duration 100000")]
    [InlineData("bench --portal ws://127.0.0.1:1 --credentials /does/not/exist")]
    public async Task A_command_line_that_cannot_be_used_ends_with_2(string line)
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        if (line.StartsWith("accounts", StringComparison.Ordinal))
            portal.Environment["FIREZONE_API_TOKEN"] = ContractWorld.OperatorToken;

        var outcome = line.Length == 0 ? await portal.RunAsync([]) : await portal.RunAsync(line);

        outcome.Bad(ExitCode.Usage);
        Assert.NotEmpty(outcome.Error.Trim());
        Assert.DoesNotContain(portal.World.Calls, call => !call.Operation.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_names_the_arguments_and_ends_well()
    {
        using var portal = await Portal.StartAsync();
        var help = (await portal.RunAsync("policies create --help")).Good().Out;
        Assert.Contains("--group <GROUP> (REQUIRED)", help);
        Assert.Contains("time in Mon-Fri 08:00-17:00 Europe/Berlin", help);
        Assert.Empty(portal.World.Calls);
    }

    [Fact]
    public async Task Members_can_be_read_from_the_standard_input()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        portal.Input = $"ada@example.com\n\n  {ids["builder"]}\n";

        (await portal.RunAsync("members add Engineers -")).Good();

        Assert.Equal($$"""{"add":["{{ids["ada"]}}","{{ids["builder"]}}"]}""", portal.World.Calls.Last().Body!.ToJsonString());
    }

    [Fact]
    public async Task A_name_may_look_like_a_response_file()
    {
        using var portal = await Portal.StartAsync();
        (await portal.RunAsync("sites create @home")).Good();
        Assert.Equal("""{"name":"@home"}""", portal.World.Calls.Last().Body!.ToJsonString());
    }

    /// <summary>What a query asks for, in any order; the page size is another test's matter.</summary>
    private static IEnumerable<string> Parameters(string query) =>
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(part => !part.StartsWith("limit=", StringComparison.Ordinal)).Order();
}
