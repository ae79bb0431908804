using Microsoft.Extensions.Logging;

namespace Firezone.Membership.Postgres.Signals;

internal sealed partial class SignalSession
{
    [LoggerMessage(7100, LogLevel.Information, "Listening for membership signals on {Channel}; holds the session lock: {HoldsLock}")]
    private static partial void LogUp(ILogger logger, string channel, bool holdsLock);

    [LoggerMessage(7101, LogLevel.Warning, "Membership signals are not heard; connecting again until it succeeds")]
    private static partial void LogDown(ILogger logger, Exception exception);

    [LoggerMessage(7102, LogLevel.Error, "LISTEN on {Channel} succeeded, but a notification from another session did not arrive within {Seconds} s: the connection string leads through a pooler in transaction or statement mode, which swallows notifications. Connect to PostgreSQL directly, or through a pooler in session mode. Until then signals are not heard")]
    private static partial void LogSwallowed(ILogger logger, string channel, double seconds);

    [LoggerMessage(7103, LogLevel.Warning, "Another database session still holds the session lock of this silo; trying again every second")]
    private static partial void LogLockHeld(ILogger logger);

    [LoggerMessage(7104, LogLevel.Information, "The session lock of this silo is taken")]
    private static partial void LogLockTaken(ILogger logger);

    [LoggerMessage(7105, LogLevel.Error, "The handler of membership signals failed")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception);
}
