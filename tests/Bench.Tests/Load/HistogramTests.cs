using Firezone.Bench.Load;

namespace Firezone.Bench.Tests.Load;

public sealed class HistogramTests
{
    [Fact]
    public void A_quantile_is_off_by_less_than_a_hundredth()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var durations = Enumerable.Range(0, 20_000).Select(_ => TimeSpan.FromTicks((long)Math.Exp(random.NextDouble() * 22) + 1000)).ToArray();
        var histogram = new Histogram();
        foreach (var duration in durations)
            histogram.Add(duration);

        Array.Sort(durations);
        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = durations[(int)Math.Ceiling(share * durations.Length) - 1];
            var ratio = histogram.Quantile(share) / exact;
            Assert.True(ratio is > 0.99 and < 1.01, $"seed {seed}: {share} is {histogram.Quantile(share)}, not {exact}");
        }

        Assert.Equal(durations[^1], histogram.Longest);
    }

    [Fact]
    public void Two_together_are_as_if_there_had_been_one()
    {
        var (first, second, both) = (new Histogram(), new Histogram(), new Histogram());
        for (var i = 1; i <= 1000; i++)
        {
            (i % 3 == 0 ? first : second).Add(TimeSpan.FromMicroseconds(i));
            both.Add(TimeSpan.FromMicroseconds(i));
        }

        first.Add(second);
        Assert.Equal(both.Count, first.Count);
        Assert.Equal(both.Longest, first.Longest);
        Assert.Equal(both.Quantile(0.7), first.Quantile(0.7));
    }

    [Fact]
    public void Nothing_has_no_duration() => Assert.Equal(TimeSpan.Zero, new Histogram().Quantile(0.5));
}
