using Dapper;
using Firezone.Admin.Authentication;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Storage.Postgres;

namespace Firezone.Admin.Data;

/// <summary>Reads of the caller's account. From the primary: whoever has just changed something wants to see it.</summary>
public sealed class AccountDb(Database database, Caller caller)
{
    /// <summary>The account.</summary>
    public Guid AccountId { get; } = caller.AccountId ?? throw new InvalidOperationException("An operator has no account.");

    /// <summary>The one row, or 404.</summary>
    internal async Task<T> GetAsync<T>(string sql, object? parameters, CancellationToken ct)
        where T : class => await FindAsync<T>(sql, parameters, ct) ?? throw ProblemException.NotFound();

    /// <summary>The one row, or nothing.</summary>
    internal async Task<T?> FindAsync<T>(string sql, object? parameters, CancellationToken ct)
    {
        await using var connection = await database.Write.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<T>(AccountCommand.Of(sql, parameters, AccountId, null, ct));
    }

    /// <summary>All rows.</summary>
    internal async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken ct)
    {
        await using var connection = await database.Write.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<T>(AccountCommand.Of(sql, parameters, AccountId, null, ct))];
    }

    /// <summary>One page of a list.</summary>
    internal async Task<Page<T>> ListAsync<T>(ListStatement list, CancellationToken ct)
        where T : IListed
    {
        var rows = await QueryAsync<T>(list.Sql, list.Parameters, ct);
        return Page.Of(rows, list.Limit);
    }
}
