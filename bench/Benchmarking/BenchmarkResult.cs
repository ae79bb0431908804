namespace Firezone.Bench.Benchmarking;

/// <summary>Everything a benchmark found.</summary>
internal sealed record BenchmarkResult
{
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>Idle sessions at which memory was read.</summary>
    public required int Sessions { get; init; }

    /// <summary>Bytes of resident set per idle session.</summary>
    public required double RssPerSession { get; init; }

    /// <summary>Bytes of proportional set per idle session.</summary>
    public required double PssPerSession { get; init; }

    /// <summary>Resident set of the warmed-up server without clients, bytes.</summary>
    public required long EmptyRss { get; init; }

    /// <summary>Cores in use while all sessions idle.</summary>
    public required double CoresAtRest { get; init; }

    /// <summary>CPU of a flow relative to that with the fewest clients, by number of connected clients.</summary>
    public required IReadOnlyDictionary<int, double> FlowRatios { get; init; }

    /// <summary>Operations that failed, in words; empty if none did.</summary>
    public required string Errors { get; init; }
}
