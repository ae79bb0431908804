using System.Text.Json;
using Dapper;
using Firezone.Admin.Authentication;
using Firezone.Admin.Hosting;
using Npgsql;

namespace Firezone.Admin.Data;

/// <summary>A transaction that changes something. Everything in it, and its line in the audit log, is committed together.</summary>
internal abstract class Change(NpgsqlConnection connection, NpgsqlTransaction transaction, Caller caller, ChangeOrigin origin, CancellationToken ct)
{
    private const string Log = """
        insert into audit_log (
            account_id, token_id, token_name, actor_id, remote_ip, method, route, action, target_type, target_id, before, after)
        values (
            @account, @TokenId, @TokenName, @ActorId, @RemoteIp, @Method, @Route, @action, @type, @target, @before::jsonb, @after::jsonb)
        """;

    /// <summary>Gives up.</summary>
    public CancellationToken Cancellation { get; } = ct;

    /// <summary>Who asks.</summary>
    protected Caller Caller { get; } = caller;

    /// <summary>Where it all happens.</summary>
    protected NpgsqlConnection Connection { get; } = connection;

    /// <summary>Commits it all.</summary>
    protected NpgsqlTransaction Transaction { get; } = transaction;

    /// <summary>Adds a line to the audit log.</summary>
    /// <param name="account">Whose log; null: the cluster's.</param>
    /// <param name="action">What was done, <c>site.update</c>.</param>
    /// <param name="target">To what.</param>
    /// <param name="before">As the API showed it; never with a secret.</param>
    /// <param name="after">As the API shows it; never with a secret.</param>
    protected Task LogAsync(Guid? account, string action, Guid? target, object? before, object? after) =>
        Connection.ExecuteAsync(new CommandDefinition(
            Log,
            new
            {
                account,
                Caller.TokenId,
                Caller.TokenName,
                Caller.ActorId,
                Caller.RemoteIp,
                origin.Method,
                origin.Route,
                action,
                type = action[..action.IndexOf('.', StringComparison.Ordinal)],
                target,
                before = Json(before),
                after = Json(after),
            },
            Transaction,
            cancellationToken: Cancellation));

    private static string? Json(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), AdminJson.Options);
}
