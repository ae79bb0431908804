using Firezone.Grains.Sessions;
using Firezone.Shared;

namespace Firezone.Grains.Tests.Sessions;

public sealed class WithdrawalsTests
{
    private readonly WatchedTime _time = new();

    [Fact]
    public async Task A_withdrawal_that_failed_is_made_again_until_it_succeeds()
    {
        var succeeded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        new Withdrawals(_time).Repeat(() =>
        {
            if (++calls < 4)
                throw new TimeoutException();
            succeeded.SetResult();
            return Task.CompletedTask;
        });
        for (var pause = 0; pause < 4; pause++)
            _time.Advance(await _time.WaitedAsync());
        await succeeded.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(4, calls);
    }
}
