namespace Firezone.Grains.Abstractions.Sessions;

/// <summary>Outcome of attaching a session to its grain.</summary>
public enum AttachStatus
{
    /// <summary>The session is the device's current one.</summary>
    Attached = 0,

    /// <summary>A newer session of the same device is attached already; the newest wins.</summary>
    Superseded = 1,

    /// <summary>The device, its account or its site no longer exists.</summary>
    Gone = 2,
}
