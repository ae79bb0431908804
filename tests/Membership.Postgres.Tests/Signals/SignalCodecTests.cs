using System.Globalization;
using System.Net;
using CsCheck;
using Firezone.Membership.Postgres.Signals;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Signals;

public sealed class SignalCodecTests
{
    private const string Silo = "10.0.0.7:11111@7";

    private static readonly Gen<SiloId> Silos = Gen.Select(Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.Int[1, 65535], Gen.Int).Select(
        (address, port, generation) => SiloId.Of(SiloAddress.New(new IPEndPoint(new IPAddress(address), port), generation)));

    private static readonly Gen<Signal> Signals = Gen.OneOf<Signal>(
        Gen.Int[0, int.MaxValue].Select(v => (Signal)new Signal.TableChanged(v)),
        Gen.Select(Silos, Gen.Bool, Gen.String[Gen.Char["abzAZ09_./-"], 0, 64]).Select((s, l, r) => (Signal)new Signal.Heartbeat(s, l, r)),
        Silos.Select(s => (Signal)new Signal.Goodbye(s)),
        Gen.Const((Signal)new Signal.RollCall()));

    [Fact]
    public void Every_signal_survives_the_way_there_and_back() =>
        Signals.Sample(signal =>
        {
            var payload = SignalCodec.Encode(signal);
            return payload.Length <= SignalCodec.MaxLength && SignalCodec.TryDecode(payload, out var decoded) && decoded == signal;
        });

    [Fact]
    public void Garbage_never_throws_and_what_is_accepted_is_canonical()
    {
        var text = Gen.OneOf(Gen.String, Gen.String[Gen.Char["1|vhbqp0:@.[]%-+ 7f\0\u0661"], 0, 40], Gen.String[Gen.Char, 250, 300]);
        var mutated = Gen.Select(Signals, Gen.Int[0, 300], Gen.Char, Gen.Int[0, 2]).Select((signal, at, c, how) =>
        {
            var payload = SignalCodec.Encode(signal);
            at %= payload.Length;
            return how switch
            {
                0 => payload.Insert(at, c.ToString()),
                1 => payload.Remove(at, 1),
                _ => payload.Remove(at, 1).Insert(at, c.ToString()),
            };
        });
        Gen.OneOf(text, mutated).Sample(
            payload =>
            {
                _ = SignalCodec.RefusalReason(payload);
                return !SignalCodec.TryDecode(payload, out var signal) || SignalCodec.Encode(signal) == payload;
            },
            iter: 20_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1|")]
    [InlineData("2|q")]
    [InlineData("1|x")]
    [InlineData("1|q|")]
    [InlineData("1|v")]
    [InlineData("1|v|")]
    [InlineData("1|v|-1")]
    [InlineData("1|v|+1")]
    [InlineData("1|v|01")]
    [InlineData("1|v| 1")]
    [InlineData("1|v|1\n")]
    [InlineData("1|v|2147483648")]
    [InlineData("1|v|\u0661")]
    [InlineData("1|b|")]
    [InlineData("1|b|10.0.0.7:0@7")]
    [InlineData("1|b|10.0.0.07:11111@7")]
    [InlineData("1|b|" + Silo + "|")]
    [InlineData("1|h|" + Silo)]
    [InlineData("1|h|" + Silo + "|1")]
    [InlineData("1|h|" + Silo + "|2|")]
    [InlineData("1|h|" + Silo + "|1|a|b")]
    [InlineData("1|h|" + Silo + "|1|a b")]
    [InlineData("1|p|0123456789abcdef0123456789abcdef")]
    public void What_is_not_exactly_a_signal_is_refused(string payload) => Assert.False(SignalCodec.TryDecode(payload, out _));

    [Theory]
    [InlineData("2|q", "version")]
    [InlineData("17|v|1", "version")]
    [InlineData("1|x", "malformed")]
    [InlineData("x|q", "malformed")]
    [InlineData("", "malformed")]
    public void A_refusal_has_a_reason(string payload, string reason) => Assert.Equal(reason, SignalCodec.RefusalReason(payload));

    [Fact]
    public void The_texts_are_those_that_other_silos_expect()
    {
        var silo = SiloId.TryParse(Silo, out var s) ? s : default;
        Assert.Equal("1|v|42", SignalCodec.Encode(new Signal.TableChanged(42)));
        Assert.Equal("1|h|10.0.0.7:11111@7|1|gcp/us-east1", SignalCodec.Encode(new Signal.Heartbeat(silo, true, "gcp/us-east1")));
        Assert.Equal("1|b|10.0.0.7:11111@7", SignalCodec.Encode(new Signal.Goodbye(silo)));
        Assert.Equal("1|q", SignalCodec.Encode(new Signal.RollCall()));
    }

    [Fact]
    public void The_culture_of_the_thread_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NegativeSign = "~", PositiveSign = "#", NumberGroupSeparator = "|" } };
        try
        {
            var silo = SiloId.Of(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 1234567));
            var signal = new Signal.Goodbye(silo);
            Assert.True(SignalCodec.TryDecode(SignalCodec.Encode(signal), out var decoded));
            Assert.Equal(signal, decoded);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_signal_that_cannot_be_sent_is_an_error_of_the_caller()
    {
        var silo = SiloId.Of(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 7));
        Assert.Throws<ArgumentException>(() => SignalCodec.Encode(new Signal.Heartbeat(silo, true, "two words")));
        Assert.Throws<ArgumentException>(() => SignalCodec.Encode(new Signal.TableChanged(-1)));
        Assert.Throws<ArgumentException>(() => SignalCodec.Encode(new Signal.Goodbye(default)));
    }
}
