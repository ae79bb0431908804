using Dapper;
using Firezone.Admin.Authentication;
using Firezone.Admin.Listing;
using Firezone.Admin.Problems;
using Firezone.Storage.Postgres;

namespace Firezone.Admin.Data;

/// <summary>Reads across accounts; for operators only.</summary>
public sealed class ClusterDb
{
    private readonly Database _database;

    /// <summary>Refuses everybody else, whatever the route demands.</summary>
    public ClusterDb(Database database, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (caller.Role != Roles.Operator)
            throw new InvalidOperationException("Only operators read across accounts.");
        _database = database;
    }

    /// <summary>The one row, or 404.</summary>
    internal async Task<T> GetAsync<T>(string sql, object parameters, CancellationToken ct)
        where T : class
    {
        await using var connection = await _database.Write.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct))
            ?? throw ProblemException.NotFound();
    }

    /// <summary>One page of a list.</summary>
    internal async Task<Page<T>> ListAsync<T>(ListStatement list, CancellationToken ct)
        where T : IListed
    {
        await using var connection = await _database.Write.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<T>(new CommandDefinition(list.Sql, list.Parameters, cancellationToken: ct));
        return Page.Of<T>([.. rows], list.Limit);
    }
}
