using System.Globalization;

namespace Firezone.Membership.Bench;

/// <summary>What was measured with one provider.</summary>
internal sealed class Column(string provider)
{
    private readonly Dictionary<string, List<double>> _values = [];

    public string Provider { get; } = provider;

    public bool IsStock => Provider == "adonet";

    /// <summary>Times in milliseconds or plain numbers; infinite when a wait was given up.</summary>
    public void Add(string row, double value)
    {
        if (!_values.TryGetValue(row, out var values))
            _values[row] = values = [];
        values.Add(value);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Provider,-8} {row}: {value:0.##}"));
    }

    /// <summary>In ascending order.</summary>
    public IReadOnlyList<double> Values(string row) => [.. (_values.GetValueOrDefault(row) ?? []).Order()];
}
