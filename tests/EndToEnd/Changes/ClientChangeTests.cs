using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;
using static Firezone.EndToEnd.Scenes.Conditions;

namespace Firezone.EndToEnd.Changes;

/// <summary>What is told when clients are verified, lose that, or go.</summary>
[Collection(ChangesCollection.Name)]
public sealed class ClientChangeTests(PortalFixture fixture)
{
    [Fact]
    public async Task A_verified_client_is_told_what_it_may_reach_now_and_gateways_nothing()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal, before: VaultAsync);
        Assert.Equal(["Lab"], flow.Client.Resources);
        await flow.ChangeAsync($"update clients set verified_at = now() where id = {flow.Client.Id}", ["resource_created_or_updated Vault"]);
    }

    [Fact]
    public async Task A_client_that_loses_its_verification_loses_what_demands_it_and_keeps_the_rest()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal, before: VaultAsync);
        await flow.Scene.SqlAsync($"update clients set verified_at = now() where id = {flow.Client.Id}");
        await flow.Client.ReceivesAsync("resource_created_or_updated Vault");
        await flow.Client.FlowAsync(await flow.Scene.IdAsync("Vault"));
        await flow.Gateway.ExpectAsync("authorize_flow laptop Vault");
        await flow.ChangeAsync(
            $"update clients set verified_at = null where id = {flow.Client.Id}",
            ["resource_deleted Vault"],
            ["reject_access laptop Vault", "access_authorization_expiry_updated laptop Lab"]);
    }

    [Fact]
    public async Task A_client_that_connects_with_other_hardware_loses_its_verification_and_what_demands_it()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal, before: VaultAsync);
        var vault = await flow.Scene.IdAsync("Vault");
        var first = await flow.Scene.ClientAsync("phone", with: c => c.With("device_serial", "C02X"));
        await flow.Scene.SqlAsync($"update clients set verified_at = now() where id = {first.Id}");
        await first.ReceivesAsync("resource_created_or_updated Vault");
        await first.FlowAsync(vault);
        await flow.Gateway.ExpectAsync("authorize_flow phone Vault");

        var same = await flow.Scene.ClientAsync("phone", with: c => c.With("device_serial", "C02X"));
        Assert.Equal(["Lab", "Vault"], same.Resources);
        await flow.PushedAsync();
        var changed = await flow.Scene.ClientAsync("phone", with: c => c.With("device_serial", "C03Y"));
        Assert.Equal(["Lab"], changed.Resources);
        await flow.PushedAsync([], ["reject_access phone Vault"]);
        await changed.ReceivesAsync();
        Assert.Equal("not_found", await changed.RefusedAsync(vault));
    }

    [Fact]
    public async Task A_deleted_clients_channel_ends_and_gateways_reject_it_and_it_may_come_back_as_a_new_one()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        var other = await flow.Scene.ClientAsync("tablet");
        await flow.Scene.SqlAsync($"delete from clients where id = {flow.Client.Id}");
        await flow.Client.ClosedAsync("phx_close");
        await flow.Gateway.ReceivesAsync("reject_access laptop Lab");
        await other.ReceivesAsync();

        var again = await flow.Scene.ClientAsync();
        Assert.NotEqual(flow.Client.Id, again.Id);
        Assert.NotEqual(flow.Client.Init["interface"]!["ipv4"]!.GetValue<string>(), again.Init["interface"]!["ipv4"]!.GetValue<string>());
        await again.FlowAsync(flow.Lab);
    }

    [Fact]
    public async Task Another_name_of_a_client_is_told_to_nobody()
    {
        await using var flow = await FlowScene.OpenAsync(fixture.Portal);
        await flow.ChangeAsync($"update clients set name = 'Renamed' where id = {flow.Client.Id}");
    }

    private static async Task VaultAsync(Scene scene) => await scene.PolicyAsync(scene.Everyone, await scene.ResourceAsync("Vault"), Verified);
}
