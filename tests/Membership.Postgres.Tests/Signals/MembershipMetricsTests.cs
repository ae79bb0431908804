using Firezone.Membership.Postgres.Telemetry;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Signals;

public sealed class MembershipMetricsTests
{
    [Fact]
    public void Gauges_are_empty_until_they_are_fed()
    {
        using var counts = new Counts();
        counts.CollectGauges();
        Assert.Equal(0, counts["silos status=Active"]);

        SiloId.TryParse("10.0.0.7:11111@7", out var silo);
        counts.Metrics.Observe(
            () => [KeyValuePair.Create(SiloStatus.Active, 3), KeyValuePair.Create(SiloStatus.Dead, 1)],
            () => [new HeartbeatAge(silo, TimeSpan.FromSeconds(2.5))]);
        counts.CollectGauges();

        Assert.Equal((3, 1), (counts["silos status=Active"], counts["silos status=Dead"]));
        Assert.Equal(2.5, counts["heartbeat.age silo=10.0.0.7:11111@7"]);
    }

    [Fact]
    public void Refreshes_and_detections_are_counted()
    {
        using var counts = new Counts();
        counts.Metrics.RefreshDone("signal");
        counts.Metrics.Detected("lock", TimeSpan.FromMilliseconds(30));
        Assert.Equal((1, 1, 0.03), (counts["refreshes cause=signal"], counts["detections path=lock"], counts["detection.latency path=lock"]));
    }
}
