using Firezone.Edge.PortalClient.PortalEvents;
using Microsoft.Extensions.Logging;

namespace Firezone.Edge.PortalClient;

public sealed partial class PortalChannel
{
    [LoggerMessage(1, LogLevel.Information, "The {Role} channel is joined on socket {Attempt}")]
    private partial void LogJoined(PortalRole role, int attempt);

    [LoggerMessage(2, LogLevel.Information, "The {Role} channel has a hiccup: {Error} Next attempt in {Delay}")]
    private partial void LogHiccup(PortalRole role, string error, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Error, "The {Role} channel has ended ({Reason}): {Detail}")]
    private partial void LogFatal(PortalRole role, FatalReason reason, string detail);

    [LoggerMessage(4, LogLevel.Warning, "The {Role} channel dropped {Count} messages that waited too long for a join")]
    private partial void LogQueueDropped(PortalRole role, int count);

    [LoggerMessage(5, LogLevel.Debug, "The {Role} channel skipped a frame with event {EventName}: {Why}")]
    private partial void LogSkipped(PortalRole role, string eventName, string why);

    [LoggerMessage(6, LogLevel.Debug, "The {Role} channel skipped a message that is no frame: {Why}")]
    private partial void LogUnreadable(PortalRole role, string why);
}
