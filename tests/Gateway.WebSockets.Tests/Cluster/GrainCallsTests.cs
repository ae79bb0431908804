using Firezone.Gateway.WebSockets.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Cluster;

public sealed class GrainCallsTests
{
    [Theory]
    [InlineData(1_001)]
    [InlineData(5_000)]
    public async Task A_pause_that_outlasts_the_limit_ends_in_a_timeout(int milliseconds)
    {
        var time = new FakeTimeProvider();
        var calls = new GrainCalls(time, NullLogger<GrainCalls>.Instance);
        var attempts = 0;
        var result = calls.RetryAsync(
            () => attempts++ == 0 ? Task.FromException<int>(new OrleansException()) : new TaskCompletionSource<int>().Task,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1),
            GrainFaults.IsTransient);

        time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        await Assert.ThrowsAsync<TimeoutException>(() => result).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, attempts);
    }
}
