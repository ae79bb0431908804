using System.Globalization;

namespace Firezone.Membership.Node.Running;

/// <summary>What became of the calls of a load; times in milliseconds, each from the first attempt to the last.</summary>
/// <param name="Count">All calls.</param>
/// <param name="Failed">Calls whose first attempt failed.</param>
/// <param name="FailedAfterRetry">Calls whose second attempt failed too.</param>
/// <param name="Errors">How often each error was met, at first attempts and, marked with <c>again: </c>, at second ones.</param>
public sealed record LoadOutcome(
    int Count,
    int Failed,
    int FailedAfterRetry,
    double P50,
    double P99,
    double Max,
    double Seconds,
    IReadOnlyDictionary<string, int> Errors)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Count} calls in {Seconds:0.0} s, {Failed} failed first, {FailedAfterRetry} failed again, p50 {P50} ms, p99 {P99} ms, max {Max} ms")
        + string.Concat(Errors.Select(error => $"\n  {error.Value} x {error.Key}"));
}
