using System.Text.Json;
using Firezone.Admin.Listing;

namespace Firezone.Admin.Audit;

/// <summary>A change that was made through the API or the command line.</summary>
public sealed record AuditEntry : IListed
{
    internal const string Select = """
        select x.id, x.at, x.account_id, x.token_id, x.token_name, x.actor_id, x.remote_ip, x.method, x.route, x.action, x.target_type,
            x.target_id, x.before, x.after
        from audit_log x
        """;

    /// <summary>Identifies the entry.</summary>
    public Guid Id { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>In which account; null: in the cluster.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>With which admin token; null: by the command line.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>Name of the token at that time.</summary>
    public string? TokenName { get; init; }

    /// <summary>For whom the token acted.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>From where.</summary>
    public string? RemoteIp { get; init; }

    /// <summary>HTTP method.</summary>
    public string Method { get; init; } = "";

    /// <summary>The route's pattern.</summary>
    public string Route { get; init; } = "";

    /// <summary>What was done, e.g. <c>site.update</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary>To what kind of thing.</summary>
    public string TargetType { get; init; } = "";

    /// <summary>To which one.</summary>
    public Guid? TargetId { get; init; }

    /// <summary>As it was; null for creations.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>As it was then; null for deletions.</summary>
    public JsonElement? After { get; init; }

    Cursor IListed.Place() => new(At, Id);
}
