using Firezone.Edge.Simulation;

namespace Firezone.Edge.Tests.Simulation;

public sealed class ObservedLogTests
{
    [Fact]
    public async Task A_wait_sees_what_is_there_and_what_comes()
    {
        var log = new ObservedLog<int>();
        log.Add(1);
        Assert.Equal(1, await log.FirstAsync(n => n == 1, 0, CancellationToken.None));

        var waiting = log.FirstAsync(n => n > 1, 0, CancellationToken.None);
        log.Add(0);
        Assert.False(waiting.IsCompleted);
        log.Add(2);

        Assert.Equal(2, await waiting);
    }

    [Fact]
    public async Task A_wait_from_a_position_does_not_see_what_came_before()
    {
        var log = new ObservedLog<int>();
        log.Add(1);
        using var stop = new CancellationTokenSource();

        var waiting = log.FirstAsync(n => n == 1, log.Count, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task What_comes_just_before_the_time_is_over_came_in_time()
    {
        for (var i = 0; i < 1000; i++)
        {
            var log = new ObservedLog<int>();
            using var stop = new CancellationTokenSource();
            var waiting = log.FirstAsync(n => n == 1, 0, stop.Token);

            log.Add(1);
            await stop.CancelAsync();

            Assert.Equal(1, await waiting);
        }
    }
}
