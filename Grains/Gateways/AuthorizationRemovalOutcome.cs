namespace Firezone.Grains.Gateways;

/// <summary>See <see cref="AuthorizationRemoval"/>.</summary>
public enum AuthorizationRemovalOutcome
{
    /// <summary>The authorization was not held; nothing changed.</summary>
    Unknown = 0,

    /// <summary>Other authorizations still give the client the resource.</summary>
    Remaining = 1,

    /// <summary>It was the pair's last one: the client has lost the resource.</summary>
    Last = 2,
}
