using Dapper;
using Firezone.Admin.Authentication;
using Npgsql;

namespace Firezone.Admin.Data;

/// <summary>A change by an operator.</summary>
internal sealed class ClusterChange(
    NpgsqlConnection connection, NpgsqlTransaction transaction, Caller caller, ChangeOrigin origin, CancellationToken ct)
    : Change(connection, transaction, caller, origin, ct)
{
    /// <summary>The one row, or nothing.</summary>
    public Task<T?> FindAsync<T>(string sql, object parameters) => Connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it concerned.</returns>
    public Task<int> ExecuteAsync(string sql, object parameters) => Connection.ExecuteAsync(Command(sql, parameters));

    /// <inheritdoc cref="Change.LogAsync"/>
    public new Task LogAsync(Guid? account, string action, Guid? target, object? before, object? after) =>
        base.LogAsync(account, action, target, before, after);

    private CommandDefinition Command(string sql, object parameters) => new(sql, parameters, Transaction, cancellationToken: Cancellation);
}
