using Firezone.Shared;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Availability;
using Firezone.Storage.Postgres.Connecting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Availability;

public sealed class ConnectGateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Connects_leave_a_quarter_of_the_pool_to_others_and_a_bounded_number_waits()
    {
        await using var database = new Database(postgres.ConnectionString + ";Maximum Pool Size=8");
        await using var gate = Gate(database);
        var held = new TaskCompletionSource<int>();
        var running = 0;
        Task<int> Connect() => gate.RunAsync(_ =>
        {
            Interlocked.Increment(ref running);
            return held.Task;
        });

        var connects = Enumerable.Range(0, 6 + ConnectGate.MaxWaiting).Select(_ => Connect()).ToArray();
        Assert.Equal(6, running);
        var refused = await Assert.ThrowsAsync<ConnectUnavailableException>(Connect);
        Assert.True(refused.IsBusy);
        Assert.Equal(CircuitState.Closed, gate.State);
        held.SetResult(1);
        await Task.WhenAll(connects);
    }

    [Fact]
    public async Task A_connect_that_is_not_answered_is_given_up_and_keeps_its_place()
    {
        await using var database = new Database(postgres.ConnectionString + ";Maximum Pool Size=2");
        await using var gate = Gate(database);
        var never = new TaskCompletionSource<int>();
        var first = gate.RunAsync(_ => never.Task);
        var second = gate.RunAsync(_ => Task.FromResult(2));
        _time.Advance(ConnectGate.Patience);
        Assert.False((await Assert.ThrowsAsync<ConnectUnavailableException>(() => first)).IsBusy);
        await Assert.ThrowsAsync<ConnectUnavailableException>(() => second);

        var third = gate.RunAsync(_ => Task.FromResult(3));
        Assert.False(third.IsCompleted);
        never.SetResult(1);
        Assert.Equal(3, await third);
    }

    [Fact]
    public async Task While_the_database_is_away_connects_are_refused_without_asking_it_and_one_finds_out_that_it_is_back()
    {
        await using var proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Port) { Refuse = true };
        await using var database = new Database(
            new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = proxy.Port }.ConnectionString);
        await using var gate = Gate(database);
        var asked = 0;
        async Task<int> AskAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref asked);
            await using var command = database.Write.CreateCommand("select 1");
            return (int)(await command.ExecuteScalarAsync(ct))!;
        }

        for (var i = 0; i < Circuit.Failures * 3; i++)
            Assert.False((await Assert.ThrowsAsync<ConnectUnavailableException>(() => gate.RunAsync(AskAsync))).IsBusy);
        Assert.Equal(Circuit.Failures, asked);
        Assert.Equal(CircuitState.Open, gate.State);

        proxy.Refuse = false;
        await Assert.ThrowsAsync<ConnectUnavailableException>(() => gate.RunAsync(AskAsync));
        _time.Advance(Circuit.FirstPause * 1.5);
        Assert.Equal(1, await gate.RunAsync(AskAsync));
        Assert.Equal(CircuitState.Closed, gate.State);
        Assert.Equal(1, await gate.RunAsync(AskAsync));
    }

    [Fact]
    public async Task Grants_are_stored_while_connects_hold_all_that_they_may_have()
    {
        await using var database = new Database(postgres.ConnectionString + ";Maximum Pool Size=4");
        await using var gate = Gate(database);
        var account = await TestAccount.CreateAsync(postgres);
        await using var connector = new Connector(postgres.Database);
        var client = await connector.AdmitAsync(account.ClientToken.Text, Connector.Laptop());
        var gateway = await connector.AdmitAsync(account.GatewayToken.Text, Connector.Machine());

        // Somebody's migration: whoever connects waits for it.
        await using var held = await postgres.Database.Write.OpenConnectionAsync();
        await using var transaction = await held.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table tunnel_addresses in access exclusive mode", held))
            await command.ExecuteNonQueryAsync();
        var clients = new ClientConnects(database, connector.Writer, new FirstConnectGate());
        var connects = Enumerable.Range(0, 50)
            .Select(_ => gate.RunAsync(ct => clients.ConnectAsync(account.ClientToken.Text, Connector.Laptop(), Connector.Origin, ct)))
            .ToArray();

        await using (var writer = new AuthorizationWriter(database, _time, NullLogger<AuthorizationWriter>.Instance, new StorageMetrics()))
            await writer.AddAsync(account.Authorize(client, gateway), CancellationToken.None);
        Assert.All(connects, connect => Assert.False(connect.IsCompleted));

        _time.Advance(ConnectGate.Patience);
        foreach (var connect in connects)
            await Assert.ThrowsAsync<ConnectUnavailableException>(() => connect);
        await transaction.RollbackAsync();
    }

    private ConnectGate Gate(Database database) => new(database, _time, NullLogger<ConnectGate>.Instance, new StorageMetrics());
}
