namespace Firezone.EndToEnd.Storms;

/// <summary>What devices may feel of a process that is stopped in an orderly way and started again.</summary>
internal static class SessionRules
{
    /// <param name="figures">From before the stop until all devices were connected and got flows again.</param>
    /// <param name="hadSockets">The process served sockets.</param>
    public static void AssertKept(Figures figures, bool hadSockets)
    {
        Assert.Equal(0, figures.OtherRefusals.Total);
        Assert.Equal(0, figures.Unanswered);
        Assert.InRange(figures.Failing.Longest.TotalSeconds, 0, 2);
        if (hadSockets)
            Assert.All(figures.Losses.Counts, loss => Assert.EndsWith("1012", loss.Key, StringComparison.Ordinal));
        else
            Assert.Equal(0, figures.Losses.Total);
        // The first pause of a device, its connect, and the pauses that refusals state.
        Assert.InRange(figures.Gaps.Quantile(0.99).TotalSeconds, 0, 5);
        Assert.InRange(figures.Gaps.Longest.TotalSeconds, 0, 10);
    }
}
