using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Firezone.Membership.Postgres.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.Membership.Postgres.Tests.Signals;

/// <summary>Metrics of one test, added up by instrument and tags: <c>signals.sent kind=goodbye</c>.</summary>
internal sealed class Counts : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly MeterListener _listener = new();

    public Counts()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other tests have meters of the same name.
            if (instrument.Meter.Name == MembershipMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
        _listener.Start();
        Metrics = new MembershipMetrics(meters);
    }

    public MembershipMetrics Metrics { get; }

    public double this[string name] => _sums.GetValueOrDefault(name);

    public void CollectGauges() => _listener.RecordObservableInstruments();

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name["orleans.membership.".Length..] + string.Concat(tags.ToArray().Select(t => $" {t.Key}={t.Value}"));
        _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
    }
}
