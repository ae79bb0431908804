using Firezone.Grains.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Grains.Tests.Sessions;

public sealed class WithdrawalsTests
{
    private readonly FakeTimeProvider _time = new();

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
        await AdvanceUntilAsync(succeeded.Task);
        Assert.Equal(4, calls);
    }

    private async Task AdvanceUntilAsync(Task end)
    {
        while (!end.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
