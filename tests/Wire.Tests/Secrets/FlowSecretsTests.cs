using CsCheck;
using Firezone.Wire.Secrets;

namespace Firezone.Wire.Tests.Secrets;

public sealed class FlowSecretsTests
{
    private static readonly byte[] ClientBase = Enumerable.Repeat((byte)0xAA, 32).ToArray();
    private static readonly byte[] GatewayBase = Enumerable.Repeat((byte)0xBB, 32).ToArray();

    [Fact]
    public void The_preshared_key_is_the_one_that_the_original_derives() => Assert.Equal(
        "thsZ6mikkarENRUpdNoBNYXk746FK6e5mO9ruCJmvP8=",
        FlowSecrets.PresharedKey(Sample.ClientId, Sample.GatewayId, Sample.ClientKey, Sample.GatewayKey, ClientBase, GatewayBase));

    [Fact]
    public void Ice_credentials_are_the_ones_that_the_original_derives() => Assert.Equal(
        Sample.Ice, FlowSecrets.Ice(Sample.ClientId, Sample.ClientKey, Sample.GatewayId, Sample.GatewayKey));

    [Fact]
    public void Secrets_are_the_same_for_the_same_devices_and_differ_for_others() =>
        Gen.Select(Gen.Guid, Gen.Guid, Gen.Byte.Array[32], Gen.Byte.Array[32]).Sample((client, gateway, cb, gb) =>
        {
            var key = FlowSecrets.PresharedKey(client, gateway, Sample.ClientKey, Sample.GatewayKey, cb, gb);
            var ice = FlowSecrets.Ice(client, Sample.ClientKey, gateway, Sample.GatewayKey);

            Assert.Equal(32, Convert.FromBase64String(key).Length);
            Assert.Equal((4, 22, 4, 22), (ice.ClientUsername.Length, ice.ClientPassword.Length, ice.GatewayUsername.Length, ice.GatewayPassword.Length));
            Assert.Equal(key, FlowSecrets.PresharedKey(client, gateway, Sample.ClientKey, Sample.GatewayKey, cb, gb));
            Assert.Equal(ice, FlowSecrets.Ice(client, Sample.ClientKey, gateway, Sample.GatewayKey));
            Assert.NotEqual(key, FlowSecrets.PresharedKey(client, gateway, Sample.GatewayKey, Sample.GatewayKey, cb, gb));
            Assert.NotEqual(ice, FlowSecrets.Ice(client, Sample.GatewayKey, gateway, Sample.GatewayKey));
        }, iter: 200);
}
