using Firezone.Membership.Postgres.Signals;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>What happens to signals on their way to one listener.</summary>
internal sealed class Weather(World world)
{
    public double Loss { get; set; }

    public double Doubling { get; set; }

    public double Delay { get; set; }

    public int LongestDelayMilliseconds { get; set; } = 3;

    public void Calm() => (Loss, Doubling, Delay) = (0, 0, 0);

    /// <summary>Times of arrival: none, one or two. Different delays change the order.</summary>
    public IEnumerable<TimeSpan> Fate(Signal signal)
    {
        if (world.Random.NextDouble() < Loss)
        {
            world.Log?.Write($"lost: {signal}");
            yield break;
        }

        yield return One();
        if (world.Random.NextDouble() < Doubling)
            yield return One();
    }

    private TimeSpan One() =>
        world.Random.NextDouble() < Delay ? world.Milliseconds(1, LongestDelayMilliseconds) : world.Milliseconds(1, 3);
}
