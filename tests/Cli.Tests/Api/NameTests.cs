using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Api;

public sealed class NameTests
{
    [Fact]
    public async Task An_id_is_taken_as_it_is()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        (await portal.RunAsync($"sites show {ids["frankfurt"].ToUpperInvariant()}")).Good();
        Assert.Equal(["GET /v1/sites/{site_id}"], portal.World.Calls.Select(call => call.Operation));
    }

    [Fact]
    public async Task A_name_must_be_whole_and_may_be_in_another_case()
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        (await portal.RunAsync("sites show FRANKFURT")).Good();
        var outcome = (await portal.RunAsync("sites show Frank")).Bad(ExitCode.Refused);
        Assert.Equal("firezone: There is no site 'Frank'.\n", outcome.Error);
    }

    [Fact]
    public async Task A_name_that_several_have_is_refused_with_all_of_them()
    {
        using var portal = await Portal.StartAsync();
        var first = portal.Add("clients", """{"name":"laptop","external_id":"x-1"}""");
        var second = portal.Add("clients", """{"name":"laptop","external_id":"x-2"}""");

        var outcome = (await portal.RunAsync("clients delete laptop --yes")).Bad(ExitCode.Usage);

        Assert.Contains($"{first}  laptop  x-1", outcome.Error);
        Assert.Contains($"{second}  laptop  x-2", outcome.Error);
        Assert.Equal(2, portal.World.Store.Of("clients").Count);
    }

    [Fact]
    public async Task Case_decides_between_names_that_differ_in_nothing_else()
    {
        using var portal = await Portal.StartAsync();
        portal.Add("sites", """{"name":"berlin"}""");
        var wanted = portal.Add("sites", """{"name":"Berlin"}""");
        Assert.Equal(wanted, (string?)(await portal.JsonAsync("sites show Berlin"))["id"]);
        (await portal.RunAsync("sites show BERLIN")).Bad(ExitCode.Usage);
    }

    [Fact]
    public async Task Actors_go_by_their_address_before_their_name()
    {
        using var portal = await Portal.StartAsync();
        portal.Add("actors", """{"name":"ada@example.com","type":"api_client","email":null}""");
        var wanted = portal.Add("actors", """{"name":"Ada","type":"account_user","email":"ada@example.com"}""");
        Assert.Equal(wanted, (string?)(await portal.JsonAsync("actors show Ada@Example.com"))["id"]);
    }

    [Fact]
    public async Task A_device_is_looked_for_among_clients_and_gateways()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        (await portal.RunAsync("sessions list --device gw-1")).Good();
        Assert.Contains($"device_id={ids["gateway"]}", portal.World.Calls.Last().Query);
    }

    [Fact]
    public async Task A_name_that_occurs_twice_is_looked_up_once()
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        (await portal.RunAsync("members add Engineers Builder Builder")).Good();
        Assert.Equal(2, portal.World.Calls.Count(call => call.Operation == "GET /v1/actors"));
    }

    [Fact]
    public async Task Many_of_one_name_are_counted_rather_than_listed()
    {
        using var portal = await Portal.StartAsync();
        for (var i = 0; i < 130; i++)
            portal.Add("clients", """{"name":"laptop"}""");
        var error = (await portal.RunAsync("clients show laptop")).Bad(ExitCode.Usage).Error;
        Assert.Contains("130 clients", error);
        Assert.Contains("and 120 more", error);
    }

    [Fact]
    public async Task A_name_in_the_body_is_resolved_too()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        (await portal.RunAsync("policies create --group engineers --resource WIKI")).Good();
        Assert.Equal(
            $$"""{"group_id":"{{ids["engineers"]}}","resource_id":"{{ids["wiki"]}}"}""",
            portal.World.Calls.Single(call => call.Operation == "POST /v1/policies").Body!.ToJsonString());
    }

    [Fact]
    public async Task An_account_goes_by_its_slug()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        portal.Environment["FIREZONE_API_TOKEN"] = ContractWorld.OperatorToken;
        portal.Add("accounts", """{"name":"acme","slug":"other","disabled_at":null}""");
        Assert.Equal(ids["acme"], (string?)(await portal.JsonAsync("accounts show acme"))["id"]);
    }
}
