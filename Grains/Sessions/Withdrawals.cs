namespace Firezone.Grains.Sessions;

/// <summary>
/// Repeats withdrawals of presence that have failed, so that a gateway or relay which has gone is not offered until its presence ends by
/// itself.
/// </summary>
/// <param name="time">For the pauses.</param>
/// <remarks>Thread-safe. Each gives up after <see cref="PresenceKeeper.Lifetime"/>, when there is nothing left to withdraw.</remarks>
public sealed class Withdrawals(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(5);

    /// <summary>Makes a failed withdrawal again, soon and until it succeeds.</summary>
    /// <param name="withdraw">Names the session, so that it leaves a later one alone.</param>
    public void Repeat(Func<Task> withdraw) => _ = Task.Run(() => RepeatAsync(withdraw));

    private async Task RepeatAsync(Func<Task> withdraw)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; time.GetElapsedTime(started) < PresenceKeeper.Lifetime; pause = pause * 2 < LastPause ? pause * 2 : LastPause)
        {
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time);
            try
            {
                await withdraw();
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it was: the site's grain is elsewhere or comes back.
            }
        }
    }
}
