using Dapper;
using Firezone.Admin.Authentication;
using Firezone.Admin.Problems;
using Npgsql;

namespace Firezone.Admin.Data;

/// <summary>A change within the caller's account. Every statement gets the account as <c>@account</c>.</summary>
internal sealed class AccountChange(
    NpgsqlConnection connection, NpgsqlTransaction transaction, Caller caller, ChangeOrigin origin, CancellationToken ct)
    : Change(connection, transaction, caller, origin, ct)
{
    /// <summary>The account.</summary>
    public Guid AccountId { get; } = caller.AccountId ?? throw new InvalidOperationException("An operator has no account.");

    /// <summary>The one row, or 404.</summary>
    public async Task<T> GetAsync<T>(string sql, object? parameters)
        where T : class => await FindAsync<T>(sql, parameters) ?? throw ProblemException.NotFound();

    /// <summary>The one row, or nothing.</summary>
    public Task<T?> FindAsync<T>(string sql, object? parameters) => Connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters) =>
        [.. await Connection.QueryAsync<T>(Command(sql, parameters))];

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it concerned.</returns>
    public Task<int> ExecuteAsync(string sql, object? parameters) => Connection.ExecuteAsync(Command(sql, parameters));

    /// <inheritdoc cref="Change.LogAsync"/>
    public Task LogAsync(string action, Guid? target, object? before, object? after) => LogAsync(AccountId, action, target, before, after);

    private CommandDefinition Command(string sql, object? parameters) =>
        AccountCommand.Of(sql, parameters, AccountId, Transaction, Cancellation);
}
