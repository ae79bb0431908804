using Firezone.Shared;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Connecting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Authorizations;

/// <summary>An account with a connected client and gateway, and a writer of grants between them.</summary>
internal sealed class GrantFixture : IAsyncDisposable
{
    private readonly PostgresFixture _postgres;

    private GrantFixture(PostgresFixture postgres)
    {
        _postgres = postgres;
        Writer = new(postgres.Database, TimeProvider.System, NullLogger<AuthorizationWriter>.Instance, new StorageMetrics());
        Reader = new(postgres.Database);
    }

    public TestAccount Account { get; private init; } = null!;

    public ClientRecord Client { get; private init; } = null!;

    public GatewayRecord Gateway { get; private init; } = null!;

    public AuthorizationWriter Writer { get; }

    public AuthorizationReader Reader { get; }

    public static async Task<GrantFixture> CreateAsync(PostgresFixture postgres)
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        return new(postgres)
        {
            Account = account,
            Client = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop()),
            Gateway = await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine()),
        };
    }

    public AuthorizationRow Row() => Account.Authorize(Client, Gateway);

    public Task AddAsync(AuthorizationRow row) => Writer.AddAsync(row, CancellationToken.None);

    public Task<GatewayAuthorizations> LoadAsync() => Reader.LoadForGatewayAsync(Gateway.GatewayId, CancellationToken.None);

    /// <summary>A transaction that has executed a statement and is still open.</summary>
    public async Task<NpgsqlTransaction> BeginAsync(string sql, params object[] parameters)
    {
        var connection = await _postgres.Database.Write.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync();
        return transaction;
    }

    public static async Task CommitAsync(NpgsqlTransaction transaction)
    {
        await using var connection = transaction.Connection!;
        await transaction.CommitAsync();
    }

    public static async Task RollbackAsync(NpgsqlTransaction transaction)
    {
        await using var connection = transaction.Connection!;
        await transaction.RollbackAsync();
    }

    /// <summary>Returns once some statement of this database waits for a lock, or the task has ended without.</summary>
    public async Task UntilBlockedAsync(Task task)
    {
        while (!task.IsCompleted && !await _postgres.ScalarAsync<bool>(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"))
        {
        }
    }

    public ValueTask DisposeAsync() => Writer.DisposeAsync();
}
