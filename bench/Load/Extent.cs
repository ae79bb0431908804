namespace Firezone.Bench.Load;

/// <summary>When a phase begins no more operations.</summary>
/// <param name="Count">After so many.</param>
/// <param name="Time">After so long.</param>
public readonly record struct Extent(long Count, TimeSpan Time)
{
    /// <summary>A number of operations.</summary>
    public static Extent Of(long count) => new(count, TimeSpan.MaxValue);

    /// <summary>A length of time.</summary>
    public static Extent For(TimeSpan time) => new(long.MaxValue, time);
}
