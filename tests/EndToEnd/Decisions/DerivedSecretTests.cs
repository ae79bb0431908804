using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Decisions;

/// <summary>The secrets of a flow, computed a second time from what both devices sent and what the database holds.</summary>
[Collection(DecisionsCollection.Name)]
public sealed class DerivedSecretTests(PortalFixture fixture)
{
    [Fact]
    public async Task The_preshared_key_is_derived_from_both_devices_and_told_to_both()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync();
        var created = await client.FlowAsync(lab);

        byte[] password =
        [
            .. await scene.ScalarAsync<byte[]>($"select psk_base from clients where id = {client.Id}"),
            .. await scene.ScalarAsync<byte[]>($"select psk_base from gateways where id = {gateway.Id}"),
        ];
        Assert.Equal(64, password.Length);
        var salt = $"WG_PSK|C_ID:{client.Id}|G_ID:{gateway.Id}|C_PK:{Key(client)}|G_PK:{Key(gateway)}";
        var expected = Convert.ToBase64String(
            Rfc2898DeriveBytes.Pbkdf2(password, Encoding.ASCII.GetBytes(salt), 1, HashAlgorithmName.SHA256, 32));
        Assert.Equal(expected, created["preshared_key"]!.GetValue<string>());
        Assert.Equal(expected, (await gateway.AuthorizedAsync())["client"]!["preshared_key"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_ICE_credentials_are_derived_from_both_devices_and_told_to_both()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var gateway = await scene.GatewayAsync();
        var client = await scene.ClientAsync();
        var created = await client.FlowAsync(lab);

        var h = Base32(SHA256.HashData(Encoding.ASCII.GetBytes($"{client.Id}:{Key(client)}:{gateway.Id}:{Key(gateway)}")));
        Assert.Equal(52, h.Length);
        var told = await gateway.AuthorizedAsync();
        foreach (var side in (JsonNode[])[created, told])
        {
            Assert.Equal($$"""{"username":"{{h[..4]}}","password":"{{h[4..26]}}"}""", side["client_ice_credentials"]!.ToJsonString());
            Assert.Equal($$"""{"username":"{{h[26..30]}}","password":"{{h[30..52]}}"}""", side["gateway_ice_credentials"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Secrets_stay_the_same_while_both_keys_do_and_are_others_when_one_changes()
    {
        await using var scene = await Scene.OpenAsync(fixture.Portal);
        var lab = await scene.OpenResourceAsync("Lab");
        var wiki = await scene.OpenResourceAsync("Wiki");
        var token = await scene.GatewayTokenAsync();
        var gateway = await scene.GatewayAsync(token: token);
        var client = await scene.ClientAsync();

        var first = Secrets(await client.FlowAsync(lab));
        Assert.Equal(first, Secrets(await client.FlowAsync(lab)));
        Assert.Equal(first, Secrets(await client.FlowAsync(wiki)));

        var sameKeys = await scene.ClientAsync(with: c => c.With("public_key", Key(client)));
        await scene.GatewayAsync(token: token, with: c => c.With("public_key", Key(gateway)));
        Assert.Equal(first, Secrets(await sameKeys.FlowAsync(lab)));

        var otherClientKey = await scene.ClientAsync();
        var second = Secrets(await otherClientKey.FlowAsync(lab));
        await scene.GatewayAsync(token: token);
        var third = Secrets(await otherClientKey.FlowAsync(lab));
        Assert.Equal(9, first.Concat(second).Concat(third).Distinct().Count());
    }

    private static string Key(ScenePeer peer) => peer.Connect.Query["public_key"]!;

    private static string[] Secrets(JsonNode created) =>
        [created["preshared_key"]!.ToJsonString(), created["client_ice_credentials"]!.ToJsonString(), created["gateway_ice_credentials"]!.ToJsonString()];

    private static string Base32(byte[] bytes)
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        var bits = string.Concat(bytes.Select(b => b.ToString("b8", System.Globalization.CultureInfo.InvariantCulture)));
        return string.Concat(bits.Chunk(5).Select(five => alphabet[Convert.ToInt32(new string(five).PadRight(5, '0'), 2)]));
    }
}
