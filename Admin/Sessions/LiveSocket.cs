using Firezone.Grains.Abstractions.Operations;

namespace Firezone.Admin.Sessions;

/// <summary>A session's socket, as its front-end knows it.</summary>
public sealed record LiveSocket
{
    /// <summary>Version of the peer's serializer: 1 or 2.</summary>
    public int Serializer { get; init; }

    /// <summary>Since the socket was opened.</summary>
    public double OpenSeconds { get; init; }

    /// <summary>Since the peer's last message, heartbeats included.</summary>
    public double SilentSeconds { get; init; }

    /// <summary>Frames that wait for the peer.</summary>
    public int OutboxFrames { get; init; }

    /// <summary>Their size.</summary>
    public long OutboxBytes { get; init; }

    /// <summary>Messages of the peer since the socket was opened.</summary>
    public long MessagesReceived { get; init; }

    /// <summary>Messages to it.</summary>
    public long MessagesSent { get; init; }

    /// <summary>Pushes that wait for a grain, or for another push that is missing.</summary>
    public int WaitingPushes { get; init; }

    /// <summary>Messages of the peer that the cluster works on.</summary>
    public int CallsUnderWay { get; init; }

    /// <summary>Requests for flows without an answer yet.</summary>
    public int OpenFlows { get; init; }

    /// <summary>How long the oldest of them waits.</summary>
    public double? OldestFlowSeconds { get; init; }

    /// <summary>Where the front-end believes the grain to be; null: it is looking for one.</summary>
    public string? Silo { get; init; }

    /// <summary>WebSocket code that the socket is being closed with.</summary>
    public int? Closing { get; init; }

    internal static LiveSocket Of(SocketState state) => new()
    {
        Serializer = state.Serializer,
        OpenSeconds = Seconds(state.Age),
        SilentSeconds = Seconds(state.Silence),
        OutboxFrames = state.OutboxFrames,
        OutboxBytes = state.OutboxBytes,
        MessagesReceived = state.MessagesReceived,
        MessagesSent = state.MessagesSent,
        WaitingPushes = state.WaitingPushes,
        CallsUnderWay = state.CallsUnderWay,
        OpenFlows = state.OpenFlows,
        OldestFlowSeconds = state.OldestFlow is { } age ? Seconds(age) : null,
        Silo = state.Silo,
        Closing = state.Closing,
    };

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 3);
}
