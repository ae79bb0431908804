namespace Firezone.Grains.Sessions;

/// <summary>The role of a session.</summary>
public enum SessionKind
{
    /// <summary>A Firezone client.</summary>
    Client = 0,

    /// <summary>A Firezone gateway.</summary>
    Gateway = 1,

    /// <summary>A Firezone relay.</summary>
    Relay = 2,
}
