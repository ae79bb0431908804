using System.Net;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

internal static class Entries
{
    private static int _port = 10_000;

    /// <summary>Now, in the milliseconds that the tables keep.</summary>
    public static DateTime Now(TimeProvider? time = null)
    {
        var now = (time ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }

    public static SiloAddress Address(string ip = "127.0.0.1") =>
        SiloAddress.New(IPAddress.Parse(ip), Interlocked.Increment(ref _port), 1_000_000 + _port);

    public static MembershipEntry New(
        SiloStatus status = SiloStatus.Joining, SiloAddress? address = null, TimeProvider? time = null, TimeSpan age = default) => new()
        {
            SiloAddress = address ?? Address(),
            SiloName = "Silo",
            HostName = "host",
            Status = status,
            ProxyPort = 30_000,
            StartTime = Now(time) - age,
            IAmAliveTime = Now(time) - age,
        };

    /// <summary>Adds the entry at whatever version the table has.</summary>
    public static async Task<MembershipEntry> AddAsync(this IMembershipTable table, MembershipEntry entry)
    {
        var version = (await table.ReadAllAsync()).Version;
        Assert.True(await table.InsertRowAsync(entry, version.Next()));
        return entry;
    }

    public static void AssertSame(MembershipEntry expected, MembershipEntry actual)
    {
        Assert.Equal(expected.SiloAddress, actual.SiloAddress);
        Assert.Equal(expected.SiloName, actual.SiloName);
        Assert.Equal(expected.HostName, actual.HostName);
        Assert.Equal(expected.Status, actual.Status);
        Assert.Equal(expected.ProxyPort, actual.ProxyPort);
        Assert.Equal(expected.StartTime, actual.StartTime);
        Assert.Equal(expected.IAmAliveTime, actual.IAmAliveTime);
        Assert.Equal(expected.SuspectTimes ?? [], actual.SuspectTimes ?? []);
    }
}
