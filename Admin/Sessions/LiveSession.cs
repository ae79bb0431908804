namespace Firezone.Admin.Sessions;

/// <summary>One session as the database, its front-end and its grain know it at this moment. No secret is in it.</summary>
public sealed record LiveSession
{
    /// <summary>Identifies the session.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>client</c>, <c>gateway</c> or <c>relay</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Null for relays.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>The client, gateway or relay.</summary>
    public Guid DeviceId { get; init; }

    /// <summary>Null when the device is gone, and for relays.</summary>
    public string? DeviceName { get; init; }

    /// <summary>A client's actor.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The actor's name.</summary>
    public string? ActorName { get; init; }

    /// <summary>Of the device's program; empty for relays.</summary>
    public string Version { get; init; } = "";

    /// <summary>Real address of the device.</summary>
    public string RemoteIp { get; init; } = "";

    /// <summary>Region of the front-end.</summary>
    public string Region { get; init; } = "";

    /// <summary>The process that holds the socket.</summary>
    public Guid FrontEndId { get; init; }

    /// <summary>Its name; null when it is gone.</summary>
    public string? FrontEnd { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Null: it is live.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The account's version in the database; null for relays. Compare it with <c>grain.snapshot_version</c>.</summary>
    public long? AccountVersion { get; init; }

    /// <summary>What the front-end knows; null if it could not tell.</summary>
    public LiveSocket? Socket { get; init; }

    /// <summary>Why <c>socket</c> is null: <c>not_connected</c>, <c>front_end_unknown</c> or <c>front_end_silent</c>.</summary>
    public string? SocketProblem { get; init; }

    /// <summary>What the device's grain knows; null if it could not tell.</summary>
    public LiveGrain? Grain { get; init; }

    /// <summary>Why <c>grain</c> is null: <c>not_attached</c> or <c>silo_silent</c>.</summary>
    public string? GrainProblem { get; init; }
}
