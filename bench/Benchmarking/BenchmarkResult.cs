namespace Firezone.Bench.Benchmarking;

/// <summary>What one run found.</summary>
internal sealed record BenchmarkResult
{
    /// <summary>Sessions at which most was measured.</summary>
    public required int Sessions { get; init; }

    /// <summary>By the names of <see cref="Phases"/>, in the order of the run.</summary>
    public required Dictionary<string, Measurement> Phases { get; init; }

    /// <summary>By the names of <see cref="Phases"/>: what is no phase.</summary>
    public required Dictionary<string, double> Values { get; init; }

    /// <summary>What failed, in words.</summary>
    public required List<string> Failures { get; init; }

    /// <summary>What makes figures worth less: connects that were refused first, operations that could not be begun in time.</summary>
    public required List<string> Notes { get; init; }
}
