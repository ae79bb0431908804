namespace Firezone.Bench.Benchmarking;

/// <summary>One phase: what it did, and what it cost whom.</summary>
internal sealed record Measurement
{
    public required long Operations { get; init; }

    public required double PerSecond { get; init; }

    /// <summary>Milliseconds.</summary>
    public required double P50 { get; init; }

    /// <summary>Milliseconds.</summary>
    public required double P99 { get; init; }

    /// <summary>Microseconds of CPU of the server's process per operation.</summary>
    public required double ServerCost { get; init; }

    /// <summary>Microseconds of CPU of the generator per operation.</summary>
    public required double GeneratorCost { get; init; }

    public required double ServerCores { get; init; }

    public required double GeneratorCores { get; init; }

    /// <summary>Everybody else's, PostgreSQL included.</summary>
    public required double OtherCores { get; init; }
}
