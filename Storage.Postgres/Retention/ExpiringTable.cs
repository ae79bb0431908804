namespace Firezone.Storage.Postgres.Retention;

/// <summary>A table whose rows run out, and the statements that find and delete those that have.</summary>
/// <param name="Name">The table.</param>
/// <param name="Keep">How long past its moment a row is kept.</param>
/// <param name="Delete">Deletes at most <c>$1</c> rows that are more than <c>$2</c> past their moment.</param>
/// <param name="Oldest">The moment of the row that has run out first, or null.</param>
internal sealed record ExpiringTable(string Name, Func<RetentionOptions, TimeSpan> Keep, string Delete, string Oldest)
{
    // Changes serve readers that are at most this far behind; AccountChangePoll relies on it.
    private static readonly TimeSpan ChangesKept = TimeSpan.FromHours(1);

    // A request may be repeated for a day: a promise of the admin API.
    private static readonly TimeSpan RequestsKept = TimeSpan.FromHours(24);

    /// <summary>All of them. What refers comes before what is referred to, so that no deletion takes more with it than its batch.</summary>
    public static IReadOnlyList<ExpiringTable> All { get; } =
    [
        Of("policy_authorizations", "id", "expires_at", _ => TimeSpan.Zero),
        Of("revoked_authorizations", "gateway_id, client_id, resource_id", "expires_at", _ => TimeSpan.Zero),
        Of(
            "former_gateways",
            "id",
            "deleted_at",
            _ => ChangesKept,
            "and not exists (select from revoked_authorizations r where r.gateway_id = x.id)"),
        // Whole transactions: half of one would look like all of it.
        new(
            "account_changes",
            _ => ChangesKept,
            """
            delete from account_changes where xact in (
                select xact from (select xact, changed_at from account_changes order by xact limit $1) oldest
                where changed_at < statement_timestamp() - $2)
            """,
            "select changed_at from account_changes order by xact limit 1"),
        Of("sessions", "id", "opened_at", o => TimeSpan.FromDays(o.SessionDays), "and x.ended_at is not null"),
        // Whole months are dropped instead (AuditLogMonths). Here are lines that no month was made for.
        Of("audit_log_default", "id, at", "at", o => TimeSpan.FromDays(o.AuditLogDays)),
        Of("admin_requests", "token_id, key_hash", "created_at", _ => RequestsKept),
        Of("admin_tokens", "id", "expires_at", _ => TimeSpan.Zero),
        // The deletion of a token raises the version of its account and holds that to the end: accounts that somebody else is changing have
        // their turn later. Expired authorizations of a token go before it, in batches of their own, not with it.
        new(
            "client_tokens",
            _ => TimeSpan.Zero,
            """
            delete from client_tokens where id in (
                select t.id from client_tokens t join accounts a on a.id = t.account_id
                where t.expires_at < statement_timestamp() - $2
                    and not exists (select from policy_authorizations p where p.token_id = t.id and p.expires_at < statement_timestamp())
                order by t.expires_at limit $1
                for update of t skip locked for no key update of a skip locked)
            """,
            "select min(expires_at) from client_tokens"),
    ];

    // statement_timestamp(), because an index cannot be searched for clock_timestamp(), which changes from row to row.
    private static ExpiringTable Of(string name, string key, string moment, Func<RetentionOptions, TimeSpan> keep, string condition = "") =>
        new(
            name,
            keep,
            $"""
            delete from {name} where ({key}) in (
                select {key} from {name} x where x.{moment} < statement_timestamp() - $2 {condition}
                order by x.{moment} limit $1 for update skip locked)
            """,
            $"select min(x.{moment}) from {name} x where true {condition}");
}
