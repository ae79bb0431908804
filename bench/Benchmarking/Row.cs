using System.Globalization;

namespace Firezone.Bench.Benchmarking;

/// <summary>A line of the table: one figure of every run, and what it should be.</summary>
/// <param name="What">In words.</param>
/// <param name="Unit">Of the figure.</param>
/// <param name="Format">How the figure is written.</param>
/// <param name="Of">The figure; null if the run has none.</param>
internal sealed record Row(string What, string Unit, string Format, Func<BenchmarkResult, double?> Of)
{
    /// <summary>The most that is good enough.</summary>
    public double? AtMost { get; init; }

    /// <summary>The least that is good enough.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Cells: what, target, median, lowest to highest, whether the median holds.</summary>
    public string[] Cells(IReadOnlyList<BenchmarkResult> runs)
    {
        var values = runs.Select(Of).OfType<double>().ToArray();
        if (values.Length == 0)
            return [What, Target, "", "", ""];
        var median = Statistics.Median(values);
        var spread = values.Length > 1 ? $"{Number(values.Min())} … {Number(values.Max())}" : "";
        var holds = (AtMost, AtLeast) switch
        {
            (null, null) => "",
            _ => median <= (AtMost ?? double.MaxValue) && median >= (AtLeast ?? double.MinValue) ? "yes" : "**no**",
        };
        return [What, Target, $"{Number(median)} {Unit}", spread, holds];
    }

    private string Target => (AtMost, AtLeast) switch
    {
        ({ } most, _) => $"≤ {Number(most)} {Unit}",
        (_, { } least) => $"≥ {Number(least)} {Unit}",
        _ => "",
    };

    private string Number(double value) => value.ToString(Format, CultureInfo.InvariantCulture);
}
