using Firezone.Bench.Load;
using Firezone.Bench.Measure;

namespace Firezone.Bench.Benchmarking;

/// <summary>Plays phases and keeps what they cost.</summary>
internal sealed class Measured(ServerProcess server, Action<string> progress)
{
    private readonly Dictionary<string, Measurement> _phases = [];
    private readonly Dictionary<string, double> _values = [];
    private readonly List<string> _failures = [];
    private readonly List<string> _notes = [];

    public void Phase(string name, Func<Outcome> play)
    {
        progress(name);
        var begin = Usage.Now(server);
        var outcome = play();
        var used = Usage.Now(server) - begin;
        Check(name, outcome);
        _phases[name] = new Measurement
        {
            Operations = outcome.Succeeded,
            PerSecond = outcome.PerSecond,
            P50 = outcome.Latencies.Quantile(0.5).TotalMilliseconds,
            P99 = outcome.Latencies.Quantile(0.99).TotalMilliseconds,
            ServerCost = used.Server * 1e6 / Math.Max(1, outcome.Succeeded),
            GeneratorCost = used.Generator * 1e6 / Math.Max(1, outcome.Succeeded),
            ServerCores = used.Server / used.Wall,
            GeneratorCores = used.Generator / used.Wall,
            OtherCores = used.Others / used.Wall,
        };
    }

    public void Value(string name, double value) => _values[name] = value;

    /// <summary>Plays what is not measured, but must not fail either.</summary>
    public Outcome Check(string name, Outcome outcome)
    {
        if (outcome.Failures.Total > 0)
            _failures.Add($"{name}: {outcome.Failures}");
        if (outcome.Refusals.Total > 0)
            _notes.Add($"{name}: refused: {outcome.Refusals}");
        if (outcome.Skipped > 0)
            _notes.Add($"{name}: {outcome.Skipped} could not be begun in time, because no device was free");
        return outcome;
    }

    public BenchmarkResult Result(int sessions) =>
        new() { Sessions = sessions, Phases = _phases, Values = _values, Failures = _failures, Notes = _notes };
}
