using Npgsql;

namespace Firezone.Admin.Problems;

/// <summary>
/// What a broken constraint means to the caller. References carry the account, so that a reference into another account breaks the
/// same constraint as one to nothing.
/// </summary>
internal static class ConstraintProblems
{
    private static readonly Dictionary<string, (string Field, string Message)> Taken = new()
    {
        ["accounts_slug_key"] = ("slug", "is taken"),
        ["sites_account_id_name_managed_by_key"] = ("name", "is taken"),
        ["resources_internet_key"] = ("type", "the account has an internet resource already"),
        ["policies_group_id_resource_id_key"] = ("resource_id", "the group has a policy for this resource already"),
    };

    private static readonly Dictionary<string, string> Missing = new()
    {
        ["resources_account_id_site_id_fkey"] = "site_id",
        ["policies_account_id_group_id_fkey"] = "group_id",
        ["policies_account_id_resource_id_fkey"] = "resource_id",
        ["admin_tokens_account_id_actor_id_fkey"] = "actor_id",
    };

    /// <summary>Null: not the caller's fault.</summary>
    public static Problem? Find(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation when Taken.TryGetValue(e.ConstraintName ?? "", out var taken) =>
            Problem.Conflict(taken.Message, taken.Field),
        PostgresErrorCodes.ForeignKeyViolation when Missing.TryGetValue(e.ConstraintName ?? "", out var field) =>
            Problem.Invalid(new Dictionary<string, string[]> { [field] = ["does not exist"] }),
        // What the change rests on was deleted in between.
        PostgresErrorCodes.ForeignKeyViolation => Problem.NotFound,
        _ => null,
    };
}
