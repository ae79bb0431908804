using CsCheck;
using Firezone.Wire.Client;
using Firezone.Wire.Edge;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Firezone.Wire.Relay;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Frames;

/// <summary>Whatever a peer sends: no exception reaches the caller, and memory is bounded, by a constant or by what was sent.</summary>
public sealed class FrameMutationTests
{
    // An exception with its stack trace, for each of the two serializers.
    private const long ReadingBytes = 16 * 1024;

    // All parsers together, each of which may refuse with an exception; an id of two characters still takes an element's space.
    private const long HandlingBytes = 64 * 1024;
    private const long HandlingBytesPerByte = 64;

    private static readonly string[] Seeds =
    [
        """{"topic":"client","event":"create_flow","payload":{"resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","connected_gateway_ids":["22222222-2222-4222-8222-222222222222"]},"ref":4}""",
        """{"topic":"client","event":"broadcast_ice_candidates","payload":{"gateway_ids":["22222222-2222-4222-8222-222222222222"],"candidates":["candidate:1 1 udp 2130706431 192.168.1.20 52625 typ host"]},"ref":5}""",
        """{"topic":"client","event":"request_connection","payload":{"gateway_id":"22222222-2222-4222-8222-222222222222","resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","client_payload":{"a":[1,2,{"b":null}]},"client_preshared_key":"x"},"ref":11}""",
        """{"topic":"gateway","event":"connection_ready","payload":{"ref":"r\u00e9f","gateway_payload":[true,false,null,1.5e3]},"ref":"9"}""",
        """{"topic":"relay","event":"phx_join","payload":{"stamp_secret":"4c98bf5961ab"},"ref":0}""",
        """["1","2","gateway","flow_authorized",{"ref":"x"}]""",
        """{"topic":"client","event":"flow_creation_failed","ref":null,"payload":{"resource_id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001","reason":"forbidden","violated_properties":["current_utc_datetime"]}}""",
        """{"topic":"client","event":"init","ref":null,"payload":{"interface":{"ipv4":"100.64.0.7","ipv6":"fd00:2021:1111::7"},"resources":[{"id":"0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0003","type":"internet","gateway_groups":[{"id":"7d0f2f7e-8f52-4d6e-93a4-6a2b6f3c0009","name":"I"}]}],"relays":[{"id":"794258bf-b89b-4084-917e-44c666791a3d","type":"turn","addr":"198.51.100.10:3478","username":"u","password":"p","expires_at":1767225600}]}}""",
    ];

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf<Func<byte[], byte[]>>(
        Gen.Select(Gen.Double.Unit, Gen.Byte, (at, b) => (Func<byte[], byte[]>)(s => Replace(s, At(s, at), b))),
        Gen.Select(Gen.Double.Unit, Gen.OneOf("{}[]\",:\\ntf0-e ".ToCharArray()), (at, c) => (Func<byte[], byte[]>)(s => Replace(s, At(s, at), (byte)c))),
        Gen.Double.Unit.Select(at => (Func<byte[], byte[]>)(s => s[..At(s, at)])),
        Gen.Select(Gen.Double.Unit, Gen.Byte.Array[0, 12], (at, bytes) => (Func<byte[], byte[]>)(s => Insert(s, At(s, at), bytes))),
        Gen.Select(Gen.Double.Unit, Gen.Int[1, 400], (at, n) => (Func<byte[], byte[]>)(s => Insert(s, At(s, at), Enumerable.Repeat((byte)'[', n).ToArray()))),
        Gen.Select(Gen.Double.Unit, Gen.Double.Unit, (from, to) => (Func<byte[], byte[]>)(s => Insert(s, At(s, to), s[At(s, from)..]))),
        Gen.Select(Gen.Double.Unit, Gen.OneOf("\\ud800", "\\u0000", "1e999999", "null", "{}"), (at, t) => (Func<byte[], byte[]>)(s => Insert(s, At(s, at), Utf8(t)))));

    [Fact]
    public void Mutated_frames_neither_throw_nor_cost_much_memory()
    {
        // So that one-time costs are not counted.
        foreach (var seed in Seeds)
            HandleBoth(Utf8(seed));
        HandleBoth(Utf8("{"));

        Gen.Select(Gen.OneOf(Seeds), Mutation.Array[1, 4]).Sample((seed, mutations) =>
        {
            var bytes = mutations.Aggregate(Utf8(seed), (s, mutate) => mutate(s));
            AssertBounded(bytes);
        }, iter: 20_000);
    }

    [Fact]
    public void Random_bytes_neither_throw_nor_cost_much_memory() =>
        Gen.Byte.Array[0, 300].Sample(AssertBounded, iter: 5_000);

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("tru")]
    [InlineData("[nul,")]
    [InlineData("[\"1\",")]
    [InlineData("[1,")]
    [InlineData("9")]
    [InlineData("{\"topic\":\"t\",\"event\":\"")]
    [InlineData("{\"topic\":\"t\",\"event\":\"e\",\"payload\":t")]
    public void Large_hostile_texts_are_handled_at_a_bounded_cost(string unit)
    {
        var head = "{\"topic\":\"client\",\"event\":\"create_flow\",\"payload\":"u8;
        var count = (FrameLimits.Default.MaxBytes - head.Length) / unit.Length;
        byte[] bytes = [.. head, .. Utf8(string.Concat(Enumerable.Repeat(unit, count)))];

        AssertBounded(bytes);
    }

    private static void AssertBounded(byte[] bytes)
    {
        var start = GC.GetAllocatedBytesForCurrentThread();
        FrameReader.TryRead(bytes, FrameVersion.V1, FrameLimits.Default, out _);
        FrameReader.TryRead(bytes, FrameVersion.V2, FrameLimits.Default, out _);
        var reading = GC.GetAllocatedBytesForCurrentThread() - start;

        start = GC.GetAllocatedBytesForCurrentThread();
        HandleBoth(bytes);
        var handling = GC.GetAllocatedBytesForCurrentThread() - start;

        Assert.True(reading <= ReadingBytes, $"{reading} bytes allocated to read {bytes.Length}");
        Assert.True(
            handling <= HandlingBytes + HandlingBytesPerByte * bytes.Length, $"{handling} bytes allocated to handle {bytes.Length}");
    }

    private static void HandleBoth(byte[] bytes)
    {
        Handle(bytes, FrameVersion.V1);
        Handle(bytes, FrameVersion.V2);
    }

    /// <summary>Everything that is ever done with a received frame, on either side.</summary>
    private static void Handle(byte[] bytes, FrameVersion version)
    {
        if (FrameReader.TryRead(bytes, version, FrameLimits.Default, out var frame) != FrameError.None)
            return;

        CreateFlow.TryParse(frame.Payload, out _);
        IceCandidates.TryParse(frame.Payload, out _);
        PrepareConnection.TryParse(frame.Payload, out _);
        ReuseConnection.TryParse(frame.Payload, out _);
        RequestConnection.TryParse(frame.Payload, out _);
        FlowAuthorized.TryParse(frame.Payload, out _);
        ConnectionReady.TryParse(frame.Payload, out _);
        RelayJoin.TryParse(frame.Payload, out _);
        ChannelEvents.TryReadReply(frame.Payload, out _);
        ChannelEvents.TryReadReason(frame.Payload, out _);
        ChannelEvents.TryReadRelaysPresence(frame.Payload, out _);
        ChannelEvents.TryReadIceCandidates(frame.Payload, out _);
        ClientEvents.TryReadInit(frame.Payload, out _);
        ClientEvents.TryReadConfigChanged(frame.Payload, out _);
        ClientEvents.TryReadResource(frame.Payload, out _);
        ClientEvents.TryReadResourceDeleted(frame.Payload, out _);
        ClientEvents.TryReadFlowCreated(frame.Payload, out _);
        ClientEvents.TryReadFlowCreationFailed(frame.Payload, out _);
        GatewayEvents.TryReadInit(frame.Payload, out _);
        GatewayEvents.TryReadAuthorizeFlow(frame.Payload, out _);
        GatewayEvents.TryReadResource(frame.Payload, out _);
        GatewayEvents.TryReadRejectAccess(frame.Payload, out _);
        GatewayEvents.TryReadExpiryUpdated(frame.Payload, out _);
    }

    private static int At(byte[] s, double unit) => (int)(unit * s.Length);

    private static byte[] Replace(byte[] s, int at, byte b)
    {
        if (s.Length == 0)
            return s;
        var copy = (byte[])s.Clone();
        copy[Math.Min(at, s.Length - 1)] = b;
        return copy;
    }

    private static byte[] Insert(byte[] s, int at, byte[] bytes) => [.. s[..at], .. bytes, .. s[at..]];
}
