namespace Firezone.Admin.Explaining;

/// <summary>A client as conditions judge it.</summary>
public sealed record ExplainedSubject
{
    /// <summary><c>live_session</c>, or <c>last_seen</c> when the client is not connected.</summary>
    public required string Source { get; init; }

    /// <summary>Whose device it is.</summary>
    public required Guid ActorId { get; init; }

    /// <summary>Of the actor.</summary>
    public required string ActorName { get; init; }

    /// <summary>Of the actor.</summary>
    public required string ActorType { get; init; }

    /// <summary>Country.</summary>
    public required string? Region { get; init; }

    /// <summary>Real address.</summary>
    public required string RemoteIp { get; init; }

    /// <summary>Of the token.</summary>
    public required Guid? AuthProviderId { get; init; }

    /// <summary>An administrator verified the device.</summary>
    public required bool Verified { get; init; }

    /// <summary>Of the client.</summary>
    public required string Version { get; init; }

    /// <summary>Null when the token is gone.</summary>
    public required DateTimeOffset? TokenExpiresAt { get; init; }
}
