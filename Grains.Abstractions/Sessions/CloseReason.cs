namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>Why a grain has its session's socket closed.</summary>
public enum CloseReason
{
    /// <summary>A newer session of the same device took over. The older socket is closed without a word to the device.</summary>
    Superseded = 0,

    /// <summary>The device's row is gone: <c>phx_close</c>, then the socket ends; the device connects anew.</summary>
    DeviceDeleted = 1,

    /// <summary>The token was revoked: the socket ends, and the reconnect is answered 401.</summary>
    TokenRevoked = 2,

    /// <summary>The grain failed; a reconnect builds all state anew.</summary>
    ServerError = 3,

    /// <summary>An operator ended the session; the device connects anew.</summary>
    Disconnected = 4,
}
