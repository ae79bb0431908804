namespace Firezone.Grains.Abstractions.Operations;

/// <summary>What a front-end knows of one session. Nothing in it is secret.</summary>
/// <param name="Serializer">Version of the peer's serializer: 1 or 2.</param>
/// <param name="Age">Since the socket was opened.</param>
/// <param name="Silence">Since the last message, ping or pong of the peer was complete.</param>
/// <param name="OutboxFrames">Frames that wait for the peer.</param>
/// <param name="OutboxBytes">Their size.</param>
/// <param name="MessagesReceived">Text messages of the peer since the socket was opened.</param>
/// <param name="MessagesSent">Text messages to it.</param>
/// <param name="WaitingPushes">Pushes that wait for an attach or for one before them.</param>
/// <param name="CallsUnderWay">Messages of the peer that the cluster works on.</param>
/// <param name="OpenFlows">Requests for flows that are not answered yet.</param>
/// <param name="OldestFlow">How long the oldest of them waits.</param>
/// <param name="Silo">Where the front-end believes the session's grain to be; null before it has joined.</param>
/// <param name="Closing">The code that the socket is being closed with; null while open.</param>
[GenerateSerializer, Immutable, Alias("fz.SocketState")]
public sealed record SocketState(
    [property: Id(0)] int Serializer,
    [property: Id(1)] TimeSpan Age,
    [property: Id(2)] TimeSpan Silence,
    [property: Id(3)] int OutboxFrames,
    [property: Id(4)] long OutboxBytes,
    [property: Id(5)] long MessagesReceived,
    [property: Id(6)] long MessagesSent,
    [property: Id(7)] int WaitingPushes,
    [property: Id(8)] int CallsUnderWay,
    [property: Id(9)] int OpenFlows,
    [property: Id(10)] TimeSpan? OldestFlow,
    [property: Id(11)] string? Silo,
    [property: Id(12)] int? Closing);
