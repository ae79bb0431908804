using Firezone.Grains.Abstractions.Operations;

namespace Firezone.Admin.Operations;

/// <summary>Whether a process is in service, or how far it is on its way out.</summary>
public sealed record NodeState
{
    /// <summary><c>front_end</c> or <c>silo</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>A front-end's id, or a silo's name.</summary>
    public string Id { get; init; } = "";

    /// <summary>
    /// <c>serving</c>; <c>starting</c>: the cluster does not answer it; <c>draining</c>; <c>drained</c>: nothing is left and nothing new comes;
    /// <c>stopping</c>: it ends and cannot be resumed.
    /// </summary>
    public string State { get; init; } = "";

    /// <summary>Sessions that it still has.</summary>
    public int Sessions { get; init; }

    /// <summary>Sessions that it had when the drain began.</summary>
    public int SessionsAtStart { get; init; }

    /// <summary>When the drain began; null in service.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the last session is to be gone.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Name of the token that the drain was wanted with.</summary>
    public string? By { get; init; }

    internal static NodeState Of(string kind, string id, DrainState drain) => new()
    {
        Kind = kind,
        Id = id,
        State = drain.Phase.ToString().ToLowerInvariant(),
        Sessions = drain.Remaining,
        SessionsAtStart = drain.AtStart,
        Since = drain.Since,
        Until = drain.Until,
        By = drain.By,
    };
}
