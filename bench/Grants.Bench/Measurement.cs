using System.Globalization;

namespace Firezone.Grants.Bench;

/// <summary>Flows stored for a while, closed-loop.</summary>
/// <param name="PerSecond">Rows.</param>
/// <param name="PerStatement">Rows in a statement.</param>
/// <param name="Microseconds">The server's time per row.</param>
/// <param name="Waits">Milliseconds that flows waited, sorted.</param>
internal sealed record Measurement(double PerSecond, double PerStatement, double Microseconds, double[] Waits)
{
    public string Wait => string.Create(CultureInfo.InvariantCulture, $"{At(0.5):0.0} / {At(0.99):0.0} ms");

    private double At(double quantile) => Waits[Math.Min(Waits.Length - 1, (int)(Waits.Length * quantile))];
}
