using System.Globalization;

namespace Firezone.Changes.Bench;

/// <summary>What was measured, line by line.</summary>
internal sealed class Rows
{
    private readonly List<(string What, string Target, string Figure)> _all = [];

    public IReadOnlyList<(string What, string Target, string Figure)> All => _all;

    public void Add(string what, string figure, string target = "")
    {
        _all.Add((what, target, figure));
        Console.Error.WriteLine($"  {what}: {figure}");
    }

    public static void Progress(string text) => Console.Error.WriteLine(text);

    public static string Milliseconds(double value) => value >= 10_000 ? Text($"{value / 1000:0.0} s") : Text($"{value:0.##} ms");

    public static string CpuMilliseconds(IEnumerable<TimeSpan> values) => Spread(values.Select(value => value.TotalMilliseconds), " ms");

    /// <summary>Median, smallest and largest.</summary>
    public static string Spread(IEnumerable<double> values, string unit = "")
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 1
            ? Text($"{sorted[0]:0.##}{unit}")
            : Text($"{Quantile(sorted, 0.5):0.##}{unit} ({sorted[0]:0.##} … {sorted[^1]:0.##})");
    }

    /// <summary>Median, 99th percentile, largest.</summary>
    public static string Times(IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return $"{Milliseconds(Quantile(sorted, 0.5))} / {Milliseconds(Quantile(sorted, 0.99))} / {Milliseconds(sorted[^1])}";
    }

    public static string Kilobytes(double bytes) => Text($"{bytes / 1024:0.0} kB");

    public static string Megabytes(double bytes) => Text($"{bytes / 1048576:0.0} MB");

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static double Quantile(IReadOnlyList<double> sorted, double quantile) =>
        sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * quantile))];
}
