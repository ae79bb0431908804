using System.Text;
using CsCheck;
using Firezone.Grains.Authorization;

namespace Firezone.Grains.Tests.Authorization;

public sealed class FlowRefCodecTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly Guid Gateway = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly FlowRefCodec Codec = new(Key(1));

    private static readonly Gen<string?> GenRequestRef = Gen.OneOf<string?>(
        Gen.Const((string?)null),
        Gen.OneOf("", "7", "\"a\"", "18446744073709551615", "\"ü€😀\"", new string('x', 64)).Select(text => (string?)text),
        Gen.Char.AlphaNumeric.Array[0, 64].Select(chars => (string?)new string(chars)));

    private static readonly Gen<FlowRefContent> GenContent = Gen.Select(
        Gen.Guid, Gen.Guid, Gen.Guid, Gen.Guid, Gen.Long, GenRequestRef,
        (client, session, resource, authorization, expiry, text) =>
            new FlowRefContent(client, session, resource, authorization, expiry, text));

    [Fact]
    public void A_ref_comes_back_as_it_was_sent()
    {
        Gen.Select(GenContent, Gen.Guid).Sample((content, gateway) =>
        {
            var text = Codec.Encode(content, gateway);
            Assert.True(text.Length <= FlowRefCodec.MaxLength);
            Assert.DoesNotContain(text, c => !Alphabet.Contains(c));
            Assert.True(new FlowRefCodec(Key(1)).TryDecode(text, gateway, out var decoded));
            Assert.Equal(content, decoded);
        });
    }

    [Fact]
    public void A_ref_is_worthless_for_another_gateway_or_key()
    {
        Gen.Select(GenContent, Gen.Guid, Gen.Guid).Sample((content, gateway, other) =>
        {
            var text = Codec.Encode(content, gateway);
            Assert.Equal(gateway == other, Codec.TryDecode(text, other, out _));
            Assert.False(new FlowRefCodec(Key(2)).TryDecode(text, gateway, out var decoded));
            Assert.Equal(default, decoded);
        });
    }

    [Fact]
    public void No_single_changed_character_is_accepted()
    {
        foreach (var requestRef in new[] { null, "1", "12", "123" })
        {
            var text = Codec.Encode(Content(requestRef), Gateway);
            for (var i = 0; i < text.Length; i++)
            {
                foreach (var c in Alphabet + "=+/ \n\0é\uD800")
                {
                    var changed = text[..i] + c + text[(i + 1)..];
                    Assert.Equal(changed == text, Codec.TryDecode(changed, Gateway, out _));
                }
            }
        }
    }

    [Fact]
    public void No_random_mutation_is_accepted()
    {
        var genEdit = Gen.Select(Gen.Int[0, 300], Gen.Int[0, 3], Gen.OneOf<char>(Gen.Char, Gen.Char[Alphabet]));
        Gen.Select(GenContent, genEdit.Array[1, 4]).Sample((content, edits) =>
        {
            var text = Codec.Encode(content, Gateway);
            var mutated = new StringBuilder(text);
            foreach (var (position, kind, c) in edits)
            {
                var at = mutated.Length == 0 ? 0 : position % mutated.Length;
                if (kind == 0 || mutated.Length == 0)
                    mutated.Insert(at, c);
                else if (kind == 1)
                    mutated.Remove(at, 1);
                else if (kind == 2)
                    mutated[at] = c;
                else
                    mutated.Length = at;
            }

            Assert.Equal(mutated.ToString() == text, Codec.TryDecode(mutated.ToString(), Gateway, out _));
        }, iter: 5000);
    }

    [Fact]
    public void No_flipped_bit_is_accepted()
    {
        Gen.Select(GenContent, Gen.Int[0, 10_000]).Sample((content, bit) =>
        {
            var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(Codec.Encode(content, Gateway));
            bit %= bytes.Length * 8;
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Codec.TryDecode(System.Buffers.Text.Base64Url.EncodeToString(bytes), Gateway, out _));
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("AQ")]
    [InlineData("====")]
    [InlineData("not base64!")]
    public void Nonsense_is_refused(string? text) => Assert.False(Codec.TryDecode(text, Gateway, out _));

    [Fact]
    public void Padding_white_space_and_unused_bits_are_refused()
    {
        // 90 bytes need no padding, 91 need two characters, 92 need one.
        foreach (var requestRef in new[] { null, "1", "12", "123" })
        {
            var text = Codec.Encode(Content(requestRef), Gateway);
            foreach (var variant in new[] { text + "=", text + "==", " " + text, text + "\n", text.Insert(5, "\t") })
                Assert.False(Codec.TryDecode(variant, Gateway, out _));
        }
    }

    [Fact]
    public void Random_text_of_any_length_is_refused_without_an_exception()
    {
        Gen.OneOf<string>(Gen.String, Gen.Char[Alphabet].Array[0, 400].Select(chars => new string(chars)))
            .Sample(text => Assert.False(Codec.TryDecode(text, Gateway, out _)));
        Assert.False(Codec.TryDecode(new string('A', 1_000_000), Gateway, out _));
    }

    [Fact]
    public void A_request_ref_has_a_bounded_length()
    {
        Assert.Equal(FlowRefCodec.MaxLength, Codec.Encode(Content(new string('x', 64)), Gateway).Length);
        Assert.Throws<ArgumentException>(() => Codec.Encode(Content(new string('x', 65)), Gateway));
        Assert.Throws<ArgumentException>(() => Codec.Encode(Content(new string('é', 33)), Gateway));
        Assert.ThrowsAny<ArgumentException>(() => Codec.Encode(Content("\uD800"), Gateway));
    }

    [Fact]
    public void A_short_key_is_refused() => Assert.Throws<ArgumentException>(() => new FlowRefCodec(new byte[31]));

    private static byte[] Key(byte fill) => [.. Enumerable.Repeat(fill, 32)];

    private static FlowRefContent Content(string? requestRef) =>
        new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), 1767225600, requestRef);
}
