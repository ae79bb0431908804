using Firezone.Bench.Load;

namespace Firezone.Bench.Tests.Load;

public sealed class TargetTests
{
    [Fact]
    public async Task A_URL_is_understood()
    {
        var target = await Target.FindAsync("ws://127.0.0.1:8081/behind/", CancellationToken.None);
        Assert.Equal("127.0.0.1:8081", target.EndPoint.ToString());
        Assert.Equal(("127.0.0.1:8081", "/behind", true), (target.Host, target.Path, target.IsLoopback));
        Assert.False((await Target.FindAsync("ws://192.0.2.1", CancellationToken.None)).IsLoopback);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8081", "is not a URL")]
    [InlineData("nonsense", "is not a URL")]
    [InlineData("wss://127.0.0.1", "TLS ends in front of a portal")]
    [InlineData("ws://127.0.0.1/?token=x", "neither a query")]
    public async Task Another_URL_is_refused_with_a_reason(string url, string reason)
    {
        var refusal = await Assert.ThrowsAsync<LoadException>(() => Target.FindAsync(url, CancellationToken.None));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
