namespace Firezone.Grains.Sessions;

/// <summary>Names of the session kinds in rows and metrics.</summary>
public static class SessionKinds
{
    /// <summary>Lower-case name.</summary>
    public static string Name(SessionKind kind) => kind switch
    {
        SessionKind.Client => "client",
        SessionKind.Gateway => "gateway",
        _ => "relay",
    };
}
