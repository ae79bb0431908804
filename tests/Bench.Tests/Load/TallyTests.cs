using Firezone.Bench.Load;

namespace Firezone.Bench.Tests.Load;

public sealed class TallyTests
{
    [Fact]
    public void Different_words_are_bounded_and_nothing_is_lost()
    {
        var tally = new Tally();
        for (var i = 0; i < 1000; i++)
            tally.Add($"{i} {new string('x', 1000)}");
        Assert.Equal(1000, tally.Total);
        Assert.Equal(1000, tally.Counts.Sum(pair => pair.Value));
        Assert.InRange(tally.Counts.Count, 2, 40);
        Assert.All(tally.Counts, pair => Assert.InRange(pair.Key.Length, 1, 310));
    }
}
