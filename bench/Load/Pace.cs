namespace Firezone.Bench.Load;

/// <summary>How a phase begins its operations.</summary>
/// <param name="UnderWay">The most that are under way at a time.</param>
/// <param name="PerSecond">Begun per second, however long they take; zero: the next begins when one ends.</param>
public readonly record struct Pace(int UnderWay, double PerSecond)
{
    /// <summary>A closed loop.</summary>
    public static Pace Closed(int underWay) => new(underWay, 0);

    /// <summary>An open loop.</summary>
    public static Pace Open(double perSecond) => new(int.MaxValue, perSecond);
}
