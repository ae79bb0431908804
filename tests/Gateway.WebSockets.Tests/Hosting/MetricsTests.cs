using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Hosting;

public sealed class MetricsTests
{
    [Fact]
    public async Task Sessions_connects_refusals_frames_and_closes_are_counted()
    {
        await using var host = await FrontEndHost.StartAsync();
        var meters = host.Service<IMeterFactory>();
        var seen = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            // Other hosts of the test run have meters of the same name.
            if (instrument.Meter.Name == FrontEndMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        listener.Start();

        using (var peer = await host.JoinedClientAsync())
        {
            Assert.Equal(1, seen["sessions kind=client"]);
            await peer.SendCloseAsync(1000);
            await host.Cluster.Client.Detaches.NextAsync();
            await peer.ReceiveEndAsync();
        }

        await host.RequestAsync(Connect.Relay().WithHeader("X-Authorization", null));

        Assert.Equal(1, seen["connects kind=client outcome=admitted"]);
        Assert.Equal(1, seen["connects kind=relay outcome=refused"]);
        Assert.Equal(1, seen["refusals code=missing_token"]);
        Assert.Equal((1, 2), (seen["frames.received"], seen["frames.sent"]));
        Assert.Equal(FrontEndHost.Join.Length, seen["bytes.received"]);
        Assert.Equal(1, seen["closes code=1000 kind=client"]);
        Assert.Equal(0, seen["sessions kind=client"]);

        void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = string.Concat(tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $" {t.Key}={t.Value}"));
            seen.AddOrUpdate(instrument.Name["firezone.frontend.".Length..] + text, value, (_, old) => old + value);
        }
    }
}
