using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Cluster.Tls;
using Firezone.Shared.Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.Gateway.WebSockets.Tests.Cluster.Tls;

/// <summary>One process's part in handshakes, with the refusals that it counts.</summary>
internal sealed class Side : IDisposable
{
    private readonly CertificateFolder _folder;
    private readonly ServiceProvider _services;
    private readonly MeterListener _listener;
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly ClusterCertificates _certificates;
    private int _completed;

    /// <param name="certificate">What it shows.</param>
    /// <param name="authority">Whom it trusts.</param>
    /// <param name="ownName">By which it takes its own certificate for good.</param>
    /// <param name="loadedAt">By whose time it takes its own certificate for good.</param>
    /// <param name="time">Of the handshakes.</param>
    /// <param name="maxHandshakes">At the same time.</param>
    public Side(
        TestCertificate certificate,
        string authority,
        string ownName = "firezone",
        TimeProvider? loadedAt = null,
        TimeProvider? time = null,
        int maxHandshakes = 10)
    {
        _folder = new CertificateFolder(certificate, authority);
        time ??= TimeProvider.System;
        _certificates = new ClusterCertificates(Options(ownName), [], loadedAt ?? time, new LineLogger<ClusterCertificates>());
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters))
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _refusals.Enqueue($"{tags[0].Value} {tags[1].Value}"));
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _completed));
        _listener.Start();
        var options = Options("firezone");
        options.MaxHandshakes = maxHandshakes;
        Log = new LineLogger<RefusalLog>();
        Tls = new ClusterTls(options, _certificates, new TlsMetrics(meters, time, _certificates), new RefusalLog(options, time, Log), time);
    }

    public ClusterTls Tls { get; }

    public LineLogger<RefusalLog> Log { get; }

    /// <summary>As <c>side reason</c>.</summary>
    public IEnumerable<string> Refusals => _refusals;

    public int Completed => Volatile.Read(ref _completed);

    public void Put(TestCertificate certificate, string authority)
    {
        _folder.Put(certificate, authority);
        _certificates.Look();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _certificates.Dispose();
        _services.Dispose();
        _folder.Dispose();
    }

    private TlsOptions Options(string name) =>
        new() { Certificate = _folder.Certificate, Key = _folder.Key, Authority = _folder.Authority, PeerName = name };
}
