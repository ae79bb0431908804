using System.Text.Json.Nodes;
using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Changes;

/// <summary>What clients and gateways are told when the account itself changes.</summary>
[Collection(ChangesCollection.Name)]
public sealed class AccountChangeTests(PortalFixture fixture)
{
    [Fact]
    public async Task Another_configuration_is_told_to_clients_only()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var config = """{"search_domain":"corp.example.com","dns":{"type":"custom","addresses":["1.1.1.1","2606:4700:4700::1111"]}}""";
        await flow.ChangeAsync($"update accounts set config = {config}::jsonb where id = {flow.Scene.Account}", ["config_changed"]);
        var told = flow.Client.Seen[0]["interface"]!;
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(
                    $$"""
                    {"ipv4":"{{flow.Client.Init["interface"]!["ipv4"]}}","ipv6":"{{flow.Client.Init["interface"]!["ipv6"]}}",
                     "search_domain":"corp.example.com","upstream_do53":[{"ip":"1.1.1.1"},{"ip":"2606:4700:4700::1111"}],"upstream_doh":[],
                     "upstream_dns":[{"protocol":"ip_port","address":"1.1.1.1:53"},{"protocol":"ip_port","address":"[2606:4700:4700::1111]:53"}]}
                    """),
                told),
            told.ToJsonString());
    }

    [Fact]
    public async Task Another_slug_is_told_to_gateways_only_as_init_with_all_that_they_serve()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var slug = $"new{flow.Scene.Account:N}"[..20];
        await flow.ChangeAsync($"update accounts set slug = {slug} where id = {flow.Scene.Account}", [], ["init"]);
        var told = flow.Gateway.Seen[0];
        Assert.Equal(slug, told["account_slug"]!.GetValue<string>());
        Assert.Equal(flow.Gateway.Init["interface"]!.ToJsonString(), told["interface"]!.ToJsonString());
        var served = Assert.Single(told["authorizations"]!.AsArray())!;
        Assert.Equal((flow.Client.Id.ToString(), flow.Lab.ToString()), (served["client_id"]!.GetValue<string>(), served["resource_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_disabled_account_signs_its_clients_out_while_gateways_stay_and_reject_them()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.Scene.SqlAsync($"update accounts set disabled_at = now() where id = {flow.Scene.Account}");
        await flow.Client.SignedOutAsync();
        await flow.Gateway.ReceivesAsync("reject_access laptop Lab");
        Assert.Equal(101, await flow.Scene.StatusAsync(flow.Gateway.Connect.With("external_id", "another").With("public_key", Peers.TestAccount.NewKey())));
    }

    [Fact]
    public async Task A_deleted_account_signs_its_clients_and_gateways_out()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await using var other = await FlowScene.OpenAsync(fixture.Portal);
        await flow.Scene.SqlAsync($"delete from accounts where id = {flow.Scene.Account}");
        await flow.Client.EndedAsync();
        await flow.Gateway.EndedAsync();
        Assert.Equal(401, await flow.Scene.StatusAsync(flow.Client.Connect));
        Assert.Equal(401, await flow.Scene.StatusAsync(flow.Gateway.Connect));
        await other.PushedAsync();
    }

    [Fact]
    public async Task An_exceeded_limit_tells_nobody_and_counts_at_the_next_connect()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"update accounts set users_limit_exceeded = true, service_accounts_limit_exceeded = true where id = {flow.Scene.Account}");
        await flow.Client.FlowAsync(flow.Lab);
        Assert.Equal(402, await flow.Scene.StatusAsync(flow.Client.Connect));
    }
}
