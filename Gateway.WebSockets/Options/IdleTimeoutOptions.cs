namespace Firezone.Gateway.WebSockets.Options;

/// <summary>
/// How long a socket may be silent. Peers send a heartbeat after 30 s of silence; sleeping clients are waited for. Section
/// <c>FrontEnd:IdleTimeout</c>.
/// </summary>
public sealed class IdleTimeoutOptions
{
    /// <summary>Default 307 s.</summary>
    public TimeSpan Client { get; set; } = TimeSpan.FromSeconds(307);

    /// <summary>Default 37 s.</summary>
    public TimeSpan Gateway { get; set; } = TimeSpan.FromSeconds(37);

    /// <summary>Default 41 s.</summary>
    public TimeSpan Relay { get; set; } = TimeSpan.FromSeconds(41);
}
