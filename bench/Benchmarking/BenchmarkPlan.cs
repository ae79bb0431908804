namespace Firezone.Bench.Benchmarking;

/// <summary>How much of everything is played.</summary>
internal sealed record BenchmarkPlan
{
    /// <summary>Clients that are connected while everything but connects is measured.</summary>
    public required int Sessions { get; init; }

    /// <summary>Numbers of connected clients at which a flow is measured, ascending, before the runs.</summary>
    public required int[] Steps { get; init; }

    /// <summary>Clients that come and go first, twice.</summary>
    public required int Warmup { get; init; }

    /// <summary>Flows that long in the warm-up, and heartbeats half as long.</summary>
    public required TimeSpan WarmupTime { get; init; }

    /// <summary>Clients that connect one after the other, <see cref="ConnectRate"/> per second.</summary>
    public required int PacedConnects { get; init; }

    public required double ConnectRate { get; init; }

    /// <summary>Heartbeats and flows are measured that long.</summary>
    public required TimeSpan Time { get; init; }

    public required double FlowRate { get; init; }

    /// <summary>Quiet time before memory is read.</summary>
    public required TimeSpan Rest { get; init; }

    /// <summary>How often every session sends a heartbeat meanwhile.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary>How often the account is changed.</summary>
    public required int Pushes { get; init; }

    /// <summary>Gateways that share the flows.</summary>
    public int Gateways { get; init; } = 4;

    /// <summary>Operations under way in a closed loop.</summary>
    public int UnderWay { get; init; } = 64;

    /// <summary>How many client tokens it takes: some clients only warm the first server up, so that measured ones are new to it.</summary>
    public int Tokens => Sessions + Warmup;

    /// <summary>The figures that are quoted.</summary>
    public static BenchmarkPlan Full { get; } = new()
    {
        Sessions = 10_000,
        Steps = [10, 1000, 10_000],
        Warmup = 1000,
        WarmupTime = TimeSpan.FromSeconds(6),
        PacedConnects = 2000,
        ConnectRate = 500,
        Time = TimeSpan.FromSeconds(10),
        FlowRate = 1000,
        Rest = TimeSpan.FromSeconds(62),
        HeartbeatInterval = TimeSpan.FromSeconds(15),
        Pushes = 20,
    };

    /// <summary>Does everything once, in well under a minute; its figures are rough.</summary>
    public static BenchmarkPlan Short { get; } = new()
    {
        Sessions = 500,
        Steps = [10, 500],
        Warmup = 100,
        WarmupTime = TimeSpan.FromSeconds(1),
        PacedConnects = 250,
        ConnectRate = 250,
        Time = TimeSpan.FromSeconds(1.5),
        FlowRate = 200,
        Rest = TimeSpan.FromSeconds(3),
        HeartbeatInterval = TimeSpan.FromSeconds(1),
        Pushes = 5,
    };
}
