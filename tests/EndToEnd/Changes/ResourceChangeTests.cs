using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Changes;

/// <summary>What clients and gateways are told when resources change.</summary>
[Collection(ChangesCollection.Name)]
public sealed class ResourceChangeTests(PortalFixture fixture)
{
    private const string Icmp = """[{"protocol":"icmp","ports":[]}]""";
    private static readonly string[] Updated = ["resource_created_or_updated Lab"];
    private static readonly string[] Rejected = ["reject_access laptop Lab"];
    private static readonly string[] RejectedAndRenewed = ["reject_access laptop Lab", "access_authorization_expiry_updated laptop Lab"];

    [Fact]
    public async Task Another_name_or_description_is_told_to_clients_only()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"update resources set name = 'Laboratory' where id = {flow.Lab}", Updated);
        Assert.Equal("Laboratory", flow.Client.Seen[0]["name"]!.GetValue<string>());
        await flow.ChangeAsync($"update resources set address_description = 'http://lab' where id = {flow.Lab}", Updated);
        Assert.Equal("http://lab", flow.Client.Seen[0]["address_description"]!.GetValue<string>());
    }

    [Fact]
    public async Task Other_filters_are_told_to_clients_and_to_every_gateway_of_the_account()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await using var other = await Scene.OpenAsync(fixture.Portal);
        var elsewhere = await flow.Scene.GatewayAsync("elsewhere", await flow.Scene.SiteAsync("Berlin"));
        var stranger = await other.GatewayAsync("stranger");
        var filters = """[{"protocol":"udp","ports":["53", "100 - 200"]}]""";
        await flow.ChangeAsync($"update resources set filters = {filters}::jsonb where id = {flow.Lab}", Updated, ["resource_updated Lab"]);
        await elsewhere.ReceivesAsync("resource_updated Lab");
        await stranger.ReceivesAsync();

        const string told =
            """[{"protocol":"udp","port_range_start":53,"port_range_end":53},{"protocol":"udp","port_range_start":100,"port_range_end":200}]""";
        Assert.Equal(told, flow.Client.Seen[0]["filters"]!.ToJsonString());
        Assert.Equal(
            $$"""{"id":"{{flow.Lab}}","type":"cidr","name":"Lab","address":"10.20.0.0/16","filters":{{told}}}""",
            elsewhere.Seen[0].ToJsonString());
    }

    [Fact]
    public async Task Wildcards_are_translated_for_old_gateways_when_filters_change()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal, "**.example.com", "dns");
        var old = await flow.Scene.GatewayAsync("old", with: c => c.Version("1.1.9"));
        var hidden = await flow.Scene.OpenResourceAsync("Hidden", "a.*.example.com", "dns");
        await flow.Client.ReceivesAsync("resource_created_or_updated Hidden");
        await flow.Scene.SqlAsync($"update resources set filters = {Icmp}::jsonb where id = {flow.Lab}");
        await flow.PushedAsync(Updated, ["resource_updated Lab"]);
        Assert.Equal("**.example.com", flow.Gateway.Seen[0]["address"]!.GetValue<string>());
        await old.ReceivesAsync("resource_updated Lab");
        Assert.Equal("*.example.com", old.Seen[0]["address"]!.GetValue<string>());
        await flow.Scene.SqlAsync($"update resources set filters = {Icmp}::jsonb where id = {hidden}");
        await flow.Gateway.ReceivesAsync("resource_updated Hidden");
        await old.ReceivesAsync();
    }

    [Theory]
    [InlineData("lab.example.com", "dns", "update resources set address = 'laboratory.example.com' where id = {0}")]
    [InlineData("10.20.0.0/16", "cidr", "update resources set address = '10.30.0.0/16' where id = {0}")]
    [InlineData("10.20.0.0/16", "cidr", "update resources set type = 'ip', address = '10.20.0.1' where id = {0}")]
    [InlineData("lab.example.com", "dns", "update resources set ip_stack = 'ipv4_only' where id = {0}")]
    public async Task Another_address_type_or_IP_stack_is_told_to_clients_and_gateways_reject_and_then_renew(string address, string type, string change)
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal, address, type);
        var sql = System.Runtime.CompilerServices.FormattableStringFactory.Create(change, flow.Lab);
        await flow.ChangeAsync(sql, Updated, RejectedAndRenewed);
        await flow.Client.FlowAsync(flow.Lab);
    }

    [Fact]
    public async Task Another_address_concerns_every_pair_of_the_resource_on_each_of_its_gateways()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var tablet = await flow.Scene.ClientAsync("tablet");
        var second = await flow.Scene.GatewayAsync("second", with: c => c.Version("1.6.0"));
        await tablet.FlowAsync(flow.Lab, flow.Gateway.Id);
        await flow.Gateway.ExpectAsync("authorize_flow tablet Lab");
        await flow.Client.FlowAsync(flow.Lab, second.Id);
        await second.ExpectAsync("authorize_flow laptop Lab");
        await flow.ChangeAsync(
            $"update resources set address = '10.30.0.0/16' where id = {flow.Lab}",
            Updated,
            [.. RejectedAndRenewed, "reject_access tablet Lab", "access_authorization_expiry_updated tablet Lab"]);
        await second.ReceivesAsync(RejectedAndRenewed);
        await tablet.ReceivesAsync(Updated);
    }

    [Fact]
    public async Task An_address_that_the_client_cannot_be_told_takes_the_resource_away()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal, "**.example.com", "dns", version: "1.1.9");
        await flow.Scene.SqlAsync($"update resources set address = 'a.*.example.com' where id = {flow.Lab}");
        await flow.Client.ReceivesAsync("resource_deleted Lab");
        await flow.Gateway.ExpectAsync("reject_access laptop Lab");
    }

    [Fact]
    public async Task Another_site_is_an_update_for_clients_and_ends_access_through_the_old_ones_gateways()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var berlin = await flow.Scene.SiteAsync("Berlin");
        var there = await flow.Scene.GatewayAsync("there", berlin);
        await flow.ChangeAsync($"update resources set site_id = {berlin} where id = {flow.Lab}", Updated, Rejected);
        Assert.Equal("Berlin", flow.Client.Seen[0]["gateway_groups"]![0]!["name"]!.GetValue<string>());
        await there.ReceivesAsync();
        Assert.Equal("there", await flow.Client.ChosenAsync(flow.Lab, flow.Gateway.Id));
    }

    [Fact]
    public async Task A_resource_without_a_site_is_gone_for_clients_and_gateways()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"update resources set site_id = null where id = {flow.Lab}", ["resource_deleted Lab"], Rejected);
    }

    [Fact]
    public async Task A_deleted_resource_is_gone_for_clients_and_gateways()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"delete from resources where id = {flow.Lab}", ["resource_deleted Lab"], Rejected);
    }
}
