using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>What one front-end measures, to be summed up or waited for. Named without the common prefix, tags in alphabetical order.</summary>
internal sealed class Measurements : IDisposable
{
    private const string Prefix = "firezone.frontend.";

    private readonly Lock _gate = new();
    private readonly List<(string Name, double Value)> _seen = [];
    private readonly MeterListener _listener = new();
    private TaskCompletionSource _more = NewSignal();

    internal Measurements(FrontEndHost host)
    {
        var meters = host.Service<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other hosts of the test run have meters of the same name.
            if (instrument.Meter.Name == FrontEndMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
        _listener.Start();
    }

    internal double Sum(string name)
    {
        lock (_gate)
            return _seen.Where(m => m.Name == name).Sum(m => m.Value);
    }

    /// <summary>The values under a name as soon as there are so many.</summary>
    internal async Task<double[]> WaitAsync(string name, int count = 1)
    {
        while (true)
        {
            Task more;
            double[] values;
            lock (_gate)
            {
                values = [.. _seen.Where(m => m.Name == name).Select(m => m.Value)];
                more = _more.Task;
            }

            if (values.Length >= count)
                return values;
            await more.WaitAsync(RawPeer.Patience);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Concat(tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $" {t.Key}={t.Value}"));
        lock (_gate)
        {
            _seen.Add((instrument.Name[Prefix.Length..] + text, value));
            _more.TrySetResult();
            _more = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
