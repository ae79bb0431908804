namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>The three kinds of peers, each with its own path, topic and idle timeout.</summary>
internal enum PeerKind
{
    /// <summary>A client device.</summary>
    Client = 0,

    /// <summary>A gateway device.</summary>
    Gateway = 1,

    /// <summary>A relay.</summary>
    Relay = 2,
}
