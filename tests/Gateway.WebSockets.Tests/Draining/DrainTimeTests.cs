using Firezone.Gateway.WebSockets.Draining;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Tests.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Tests.Draining;

public sealed class DrainTimeTests
{
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(64, 0.2)]
    [InlineData(65, 5)]
    [InlineData(1_250, 5)]
    [InlineData(3_000, 12)]
    [InlineData(5_000, 20)]
    [InlineData(100_000, 20)]
    public void Many_sockets_are_closed_at_a_bounded_rate_up_to_the_longest_time(int sockets, double seconds) =>
        Assert.Equal(seconds, DrainTime.Of(sockets, new FrontEndOptions()).TotalSeconds);

    [Theory]
    [InlineData(0.1, 0.1)]
    [InlineData(60, 60)]
    public void What_is_set_is_the_least_even_beyond_the_longest(double set, double seconds) =>
        Assert.Equal(seconds, DrainTime.Of(1_000, new FrontEndOptions { DrainSeconds = set, DrainPerSecond = 1_000_000 }).TotalSeconds);

    [Theory]
    [InlineData("5", 35)]
    [InlineData("60", 75)]
    public async Task The_process_is_given_the_time_that_the_drain_takes(string drainSeconds, double seconds)
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:DrainSeconds"] = drainSeconds });
        Assert.Equal(seconds, host.Service<IOptions<HostOptions>>().Value.ShutdownTimeout.TotalSeconds);
    }
}
