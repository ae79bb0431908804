using System.Diagnostics;
using System.Globalization;

namespace Firezone.Membership.Node.Driving;

/// <summary>The command line of a node's process.</summary>
internal static class NodeCommand
{
    /// <summary>Debian's package <c>faketime</c>; the variant for programs with several threads.</summary>
    private static readonly string[] FakeTimes =
    [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    ];

    /// <summary>The library that skews every clock of a process, or null.</summary>
    public static string? FakeTime { get; } = FakeTimes.FirstOrDefault(File.Exists);

    /// <summary>The program that was built along with this one, or the one that <c>FIREZONE_NODE</c> names.</summary>
    private static string Program =>
        Environment.GetEnvironmentVariable("FIREZONE_NODE") is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, "Firezone.Membership.Node.dll");

    public static ProcessStartInfo Create(NodeLaunch launch)
    {
        List<string> command = ["dotnet", Program];
        if (launch.NetworkNamespace is not null)
            command.InsertRange(0, ["ip", "netns", "exec", launch.NetworkNamespace]);

        var start = new ProcessStartInfo(command[0], command[1..]);
        void Add(string name, string value)
        {
            start.ArgumentList.Add("--" + name);
            start.ArgumentList.Add(value);
        }

        Add("role", launch.Role);
        Add("provider", launch.Provider);
        Add("connection", launch.Connection);
        Add("cluster", launch.Cluster);
        Add("address", launch.Address);
        Add("siloPort", launch.SiloPort.ToString(CultureInfo.InvariantCulture));
        Add("gatewayPort", launch.GatewayPort.ToString(CultureInfo.InvariantCulture));
        if (launch.Region.Length > 0)
            Add("region", launch.Region);
        if (NodeLogs.IsOn)
            Add("logLevel", "Information");
        foreach (var (name, value) in launch.Options)
            Add(name, value);

        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (launch.ClockSkew == TimeSpan.Zero)
            return start;
        if (FakeTime is null)
        {
            Add("clockSkew", launch.ClockSkew.ToString("c", CultureInfo.InvariantCulture));
            return start;
        }

        start.Environment["LD_PRELOAD"] = FakeTime;
        start.Environment["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"{launch.ClockSkew.TotalSeconds:+0;-0}s");
        // Waits and durations go by the monotonic clock, which a wrong wall clock does not touch.
        start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        start.Environment["DONT_FAKE_MONOTONIC"] = "1";
        return start;
    }
}
