using Dapper;
using Npgsql;

namespace Firezone.Admin.Data;

/// <summary>
/// Every statement of an account's routes is made here. It gets the caller's account as <c>@account</c>, and one that does not look at
/// that is refused, so that a condition cannot be forgotten.
/// </summary>
internal static class AccountCommand
{
    private const string Parameter = "@account";

    public static CommandDefinition Of(string sql, object? parameters, Guid account, NpgsqlTransaction? transaction, CancellationToken ct)
    {
        if (!sql.Contains(Parameter, StringComparison.Ordinal))
            throw new InvalidOperationException("A statement of an account's route does not name the account.");
        var all = new DynamicParameters(parameters);
        all.Add("account", account);
        return new CommandDefinition(sql, all, transaction, cancellationToken: ct);
    }
}
