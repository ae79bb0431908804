using System.Text;
using Firezone.Bench.Load;

namespace Firezone.Bench.Tests.Load;

public sealed class ClientFrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(1000)]
    [InlineData(65535)]
    public void A_frame_is_masked_and_has_its_length(int length)
    {
        var text = new string('x', length);
        var frame = ClientFrame.Of(text);

        Assert.Equal(0x81, frame[0]);
        Assert.NotEqual(0, frame[1] & 0x80);
        var header = length < 126 ? 2 : 4;
        Assert.Equal(length, length < 126 ? frame[1] & 0x7F : frame[2] << 8 | frame[3]);
        Assert.Equal(header + 4 + length, frame.Length);
        var key = frame[header..(header + 4)];
        Assert.Equal(text, Encoding.ASCII.GetString([.. frame[(header + 4)..].Select((b, i) => (byte)(b ^ key[i & 3]))]));
    }
}
