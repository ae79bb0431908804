using System.Text;
using Firezone.Bench.Load;

namespace Firezone.Bench.Tests.Load;

public sealed class MessagesTests
{
    [Fact]
    public void A_message_is_known_by_its_event() =>
        Assert.Equal("init", Encoding.ASCII.GetString(Messages.Event("""{"topic":"client","event":"init","payload":{"event":"x"},"ref":null}"""u8)));

    [Fact]
    public void A_message_without_an_event_has_none() => Assert.True(Messages.Event("""{"topic":"client"}"""u8).IsEmpty);

    [Fact]
    public void A_flow_is_granted_with_the_ref_that_it_was_asked_with()
    {
        Span<byte> frame = new byte[1000];
        var asked = """{"topic":"gateway","event":"authorize_flow","payload":{"ref":"a\"b\\","x":"y"},"ref":null}"""u8;
        var length = Messages.FlowAuthorized(asked, frame);

        Assert.Equal("""{"topic":"gateway","event":"flow_authorized","payload":{"ref":"a\"b\\"},"ref":4}""", Unmasked(frame[..length]));
    }

    [Theory]
    [InlineData("""{"topic":"gateway","event":"authorize_flow","payload":{},"ref":null}""")]
    [InlineData("""{"topic":"gateway","event":"authorize_flow","payload":{"ref":"a\""")]
    public void A_flow_without_a_whole_ref_is_not_granted(string message) =>
        Assert.Equal(0, Messages.FlowAuthorized(Encoding.ASCII.GetBytes(message), new byte[1000]));

    private static string Unmasked(ReadOnlySpan<byte> frame)
    {
        var header = (frame[1] & 0x7F) == 126 ? 4 : 2;
        var text = new byte[frame.Length - header - 4];
        for (var i = 0; i < text.Length; i++)
            text[i] = (byte)(frame[header + 4 + i] ^ frame[header + (i & 3)]);
        return Encoding.ASCII.GetString(text);
    }
}
