using System.Text;
using Firezone.Bench.Load;

namespace Firezone.Bench.Tests.Load;

public sealed class RefusalTests
{
    private const string Answer =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nretry-after: 3\r\nContent-Length: 21\r\n\r\n"
        + "{\"code\":\"rate_limit\"}";

    [Fact]
    public void A_refusal_tells_its_status_its_code_and_when_to_come_again()
    {
        var refusal = Refusal.Read(Encoding.ASCII.GetBytes(Answer));
        Assert.Equal(new Refusal(503, "rate_limit", TimeSpan.FromSeconds(3)), refusal);
        Assert.Equal("503 rate_limit", refusal.ToString());
    }

    [Fact]
    public void A_refusal_is_whole_with_its_last_byte()
    {
        var bytes = Encoding.ASCII.GetBytes(Answer);
        Assert.True(Refusal.IsWhole(bytes));
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(Refusal.IsWhole(bytes.AsSpan(0, length)), $"{length}");
    }

    [Fact]
    public void What_is_no_HTTP_is_said_to_be_none() => Assert.Equal("no HTTP answer", Refusal.Read("SSH-2.0-x\r\n"u8).ToString());
}
