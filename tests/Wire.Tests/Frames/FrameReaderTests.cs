using System.Text;
using Firezone.Wire.Frames;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Frames;

public sealed class FrameReaderTests
{
    [Fact]
    public void A_version_1_frame_is_taken_apart()
    {
        var frame = Read("""{"topic":"client","event":"create_flow","payload":{"a":[1,{}]},"ref":3}""");

        Assert.Equal("client", frame.Topic);
        Assert.Equal("create_flow", frame.Event);
        Assert.Equal("""{"a":[1,{}]}""", Text(frame.Payload));
        Assert.Equal("3", Text(frame.Ref));
        Assert.True(frame.JoinRef.IsEmpty);
    }

    [Theory]
    [InlineData("""{"ref":3,"payload":null,"event":"e","topic":"t"}""")]
    [InlineData("""{"topic":"t","x":{"topic":"u"},"event":"e","payload":null,"y":[[]],"ref":3,"join_ref":"1"}""")]
    [InlineData(""" { "topic" : "t" , "event" : "e" , "payload" : null , "ref" : 3 } """)]
    [InlineData("""{"topic":"t","ev\u0065nt":"e","p\u0061yload":null,"ref":3}""")]
    [InlineData("""{"topic":"u","topic":"t","event":"e","payload":1,"payload":null,"ref":3}""")]
    public void Order_spacing_escapes_and_unknown_members_do_not_matter_and_the_last_duplicate_wins(string text)
    {
        var frame = Read(text);

        Assert.Equal(("t", "e", "null", "3"), (frame.Topic, frame.Event, Text(frame.Payload), Text(frame.Ref)));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("1.50e2", "1.50e2")]
    [InlineData("\"7\"", "\"7\"")]
    [InlineData("null", "")]
    public void A_ref_is_kept_verbatim(string reference, string expected)
    {
        Assert.Equal(expected, Text(Read($$"""{"topic":"t","event":"e","payload":{},"ref":{{reference}}}""").Ref));
        Assert.Equal(expected, Text(Read($$"""[{{reference}},null,"t","e",{}]""", FrameVersion.V2).JoinRef));
        Assert.Equal(expected, Text(Read($$"""["1",{{reference}},"t","e",{}]""", FrameVersion.V2).Ref));
    }

    [Fact]
    public void An_absent_ref_is_null() => Assert.True(Read("""{"topic":"t","event":"e","payload":{}}""").Ref.IsEmpty);

    [Theory]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void A_ref_of_another_type_is_refused(string reference)
    {
        Assert.Equal(FrameError.NotAFrame, Error($$"""{"topic":"t","event":"e","payload":{},"ref":{{reference}}}"""));
        Assert.Equal(FrameError.NotAFrame, Error($$"""[{{reference}},1,"t","e",{}]""", FrameVersion.V2));
        Assert.Equal(FrameError.NotAFrame, Error($$"""[1,{{reference}},"t","e",{}]""", FrameVersion.V2));
    }

    [Fact]
    public void Overlong_names_and_refs_are_refused()
    {
        var fits = new string('x', 128);
        var tooLong = fits + "x";

        Assert.Equal(fits, Read($$"""{"topic":"{{fits}}","event":"e","payload":{},"ref":1}""").Topic);
        Assert.Equal(fits, Read($$"""{"topic":"t","event":"{{fits}}","payload":{},"ref":1}""").Event);
        Assert.Equal(FrameError.NotAFrame, Error($$"""{"topic":"{{tooLong}}","event":"e","payload":{},"ref":1}"""));
        Assert.Equal(FrameError.NotAFrame, Error($$"""{"topic":"t","event":"{{tooLong}}","payload":{},"ref":1}"""));
        Assert.Equal(FrameError.NotAFrame, Error($$"""{"topic":"t","event":"e","payload":{},"ref":{{new string('1', 129)}}}"""));
    }

    [Theory]
    [InlineData("""{"event":"e","payload":{},"ref":1}""")]
    [InlineData("""{"topic":"t","payload":{},"ref":1}""")]
    [InlineData("""{"topic":"t","event":"e","ref":1}""")]
    [InlineData("""{"topic":1,"event":"e","payload":{},"ref":1}""")]
    [InlineData("""{"topic":"t","event":null,"payload":{},"ref":1}""")]
    [InlineData("""{"topic":{},"event":[],"payload":{},"ref":1}""")]
    [InlineData("""{"topic":"\ud800","event":"e","payload":{},"ref":1}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("17")]
    public void Another_shape_is_not_a_version_1_frame(string text) => Assert.Equal(FrameError.NotAFrame, Error(text));

    [Theory]
    [InlineData("[]")]
    [InlineData("""[1,1,"t","e"]""")]
    [InlineData("""[1,1,"t","e",{},1]""")]
    [InlineData("""[1,1,null,"e",{}]""")]
    [InlineData("""[1,1,"t",5,{}]""")]
    [InlineData("""{"topic":"t","event":"e","payload":{},"ref":1}""")]
    [InlineData("true")]
    public void Another_shape_is_not_a_version_2_frame(string text) => Assert.Equal(FrameError.NotAFrame, Error(text, FrameVersion.V2));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("[[")]
    [InlineData("nul")]
    [InlineData("""{"topic":"t","event":"e","payload":{},"ref":1}x""")]
    [InlineData("""{"topic":"t","event":"e","payload":{},"ref":1}{}""")]
    [InlineData("""{"topic":"t","event":"e","payload":{},"ref":1,}""")]
    [InlineData("""{"topic":"t","event":"e","payload":{},"ref":01}""")]
    [InlineData("""{"topic":"t","event":"e","payload":{"a":},"ref":1}""")]
    [InlineData("""{"topic":"t","event":"e","payload":{]},"ref":1}""")]
    [InlineData("""{"topic":"t" /* */,"event":"e","payload":{},"ref":1}""")]
    [InlineData("""{"topic":1,"event":"e","payload":{},"ref":1""")]
    [InlineData("\uFEFF{}")]
    [InlineData("[1,1,\"t\",\"e\",{}]]")]
    public void What_is_not_one_json_value_is_not_json(string text)
    {
        Assert.Equal(FrameError.NotJson, Error(text));
        Assert.Equal(FrameError.NotJson, Error(text, FrameVersion.V2));
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused_even_where_nobody_looks()
    {
        var bytes = Utf8("""{"topic":"t","event":"e","payload":{"deep":["?"]},"ref":1}""");
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;

        Assert.Equal(FrameError.InvalidUtf8, FrameReader.TryRead(bytes, FrameVersion.V1, FrameLimits.Default, out _));
    }

    [Theory]
    [InlineData("[", "]", FrameVersion.V1)]
    [InlineData("{\"a\":", "}", FrameVersion.V1)]
    [InlineData("[", "]", FrameVersion.V2)]
    [InlineData("{\"a\":", "}", FrameVersion.V2)]
    public void Depth_is_counted_with_the_frame_and_bounded(string open, string close, FrameVersion version)
    {
        var limits = new FrameLimits(1000, 5);

        Assert.Equal(FrameError.None, Try(Nested(4)));
        Assert.Equal(FrameError.TooDeep, Try(Nested(5)));
        Assert.Equal(FrameError.TooDeep, Try(Nested(50)));
        Assert.Equal(FrameError.TooDeep, Try(string.Concat(Enumerable.Repeat("[", 100))));

        FrameError Try(string text) => FrameReader.TryRead(Utf8(text), version, limits, out _);

        string Nested(int levels)
        {
            var payload = new StringBuilder().Insert(0, open, levels).Append('1').Insert(0, " ").ToString()
                + string.Concat(Enumerable.Repeat(close, levels));
            return version == FrameVersion.V1
                ? $$"""{"topic":"t","event":"e","payload":{{payload}},"ref":1}"""
                : $"""[1,1,"t","e",{payload}]""";
        }
    }

    [Fact]
    public void An_unknown_member_may_not_nest_deeper_than_the_payload()
    {
        var limits = new FrameLimits(1000, 2);

        Assert.Equal(
            FrameError.TooDeep,
            FrameReader.TryRead(Utf8("""{"x":[[]],"topic":"t","event":"e","payload":{},"ref":1}"""), FrameVersion.V1, limits, out _));
    }

    [Fact]
    public void Size_is_bounded()
    {
        var text = Utf8("""{"topic":"t","event":"e","payload":{},"ref":1}""");

        Assert.Equal(FrameError.None, FrameReader.TryRead(text, FrameVersion.V1, new FrameLimits(text.Length, 2), out _));
        Assert.Equal(FrameError.TooLarge, FrameReader.TryRead(text, FrameVersion.V1, new FrameLimits(text.Length - 1, 2), out _));
    }

    [Fact]
    public void Known_names_cost_no_allocation()
    {
        var text = Utf8("""{"topic":"phoenix","event":"heartbeat","payload":{},"ref":123456}""");
        var array = Utf8("""["1","2","gateway","flow_authorized",{"ref":"x"}]""");
        ReadBoth();

        // The runtime itself may allocate something in the midst of it.
        var least = long.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            ReadBoth();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

        void ReadBoth()
        {
            FrameReader.TryRead(text, FrameVersion.V1, FrameLimits.Default, out var first);
            FrameReader.TryRead(array, FrameVersion.V2, FrameLimits.Default, out var second);
            if (!ReferenceEquals(first.Event, Events.Heartbeat) || !ReferenceEquals(second.Event, Events.FlowAuthorized))
                throw new InvalidOperationException();
        }
    }

    [Fact]
    public void Every_declared_name_is_handed_out_as_the_constant()
    {
        var names = typeof(Events).GetFields().Select(f => (string)f.GetRawConstantValue()!);
        foreach (var name in names)
            Assert.Same(string.IsInterned(name), Read($$"""{"topic":"client","event":"{{name}}","payload":{},"ref":1}""").Event);

        foreach (var name in typeof(Topics).GetFields().Select(f => (string)f.GetRawConstantValue()!))
            Assert.Same(string.IsInterned(name), Read($$"""{"topic":"{{name}}","event":"x","payload":{},"ref":1}""").Topic);
    }

    private static PhoenixFrame Read(string text, FrameVersion version = FrameVersion.V1)
    {
        Assert.Equal(FrameError.None, FrameReader.TryRead(Utf8(text), version, FrameLimits.Default, out var frame));
        return frame;
    }

    private static FrameError Error(string text, FrameVersion version = FrameVersion.V1) =>
        FrameReader.TryRead(Utf8(text), version, FrameLimits.Default, out _);
}
