using Firezone.Shared;
using Firezone.Storage.Postgres.Availability;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Availability;

public sealed class WarmConnectionsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private NpgsqlDataSource _pool = null!;
    private WarmConnections _warm = null!;

    public Task InitializeAsync()
    {
        _pool = NpgsqlDataSource.Create(postgres.ConnectionString + ";Maximum Pool Size=5");
        _warm = new(_pool, room: 2, _time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _warm.DisposeAsync();
        await _pool.DisposeAsync();
    }

    [Fact]
    public async Task The_connection_that_was_used_last_is_used_next()
    {
        var all = await TogetherAsync(3);
        Assert.Equal(3, all.Distinct().Count());
        var next = await ProcessAsync();
        Assert.Contains(next, all);
        for (var i = 0; i < 5; i++)
            Assert.Equal(next, await ProcessAsync());
    }

    [Fact]
    public async Task What_is_not_kept_is_there_for_others()
    {
        await TogetherAsync(5);
        var others = await PooledAsync(3);
        Assert.DoesNotContain(await ProcessAsync(), others);
    }

    [Fact]
    public async Task A_connection_goes_back_to_the_pool_after_its_turn_and_after_a_failure()
    {
        var process = await ProcessAsync();
        Assert.DoesNotContain(process, await PooledAsync(4));
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(WarmConnections.Turn * 0.4);
            Assert.Equal(process, await ProcessAsync());
        }

        Assert.Contains(process, await PooledAsync(5));

        process = await ProcessAsync();
        Assert.DoesNotContain(process, await PooledAsync(4));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _warm.UseAsync<int>(_ => throw new InvalidOperationException(), CancellationToken.None));
        Assert.Contains(process, await PooledAsync(5));
    }

    [Fact]
    public async Task What_is_not_used_goes_back_to_the_pool_also_while_others_are_used()
    {
        await TogetherAsync(2);
        var used = await ProcessAsync();
        _time.Advance(WarmConnections.Turn * 0.6);
        Assert.Equal(used, await ProcessAsync());
        _time.Advance(WarmConnections.Turn * 0.4);
        Assert.DoesNotContain(used, await PooledAsync(4));
        _time.Advance(WarmConnections.Turn);
        Assert.Contains(used, await PooledAsync(5));
    }

    [Fact]
    public async Task One_that_the_server_has_ended_fails_once_and_the_others_are_not_tried()
    {
        await TogetherAsync(2);
        await using (var admin = await _pool.OpenConnectionAsync())
        {
            await using var end = new NpgsqlCommand(
                "select pg_terminate_backend(pid, 30000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", admin);
            await end.ExecuteNonQueryAsync();
        }

        await Assert.ThrowsAnyAsync<NpgsqlException>(ProcessAsync);
        await TogetherAsync(3);
    }

    [Fact]
    public async Task After_a_clear_no_connection_from_before_is_used_even_if_it_was_in_use()
    {
        int inUse = 0, idle = (await TogetherAsync(2))[0];
        await _warm.UseAsync(
            async connection =>
            {
                inUse = connection.ProcessID;
                _warm.Clear();
                return await Task.FromResult(0);
            },
            CancellationToken.None);
        Assert.DoesNotContain(await ProcessAsync(), new[] { inUse, idle });
    }

    private static async Task<int> AskAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select pg_backend_pid()", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The server's process behind what is used next.</summary>
    private Task<int> ProcessAsync() => _warm.UseAsync(AskAsync, CancellationToken.None);

    /// <summary>Uses several at the same time; their processes.</summary>
    private async Task<int[]> TogetherAsync(int count)
    {
        var left = count;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ => _warm.UseAsync(
            async connection =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                    all.SetResult();
                await all.Task;
                return await AskAsync(connection);
            },
            CancellationToken.None)));
    }

    /// <summary>The processes of so many connections that others have at the same time.</summary>
    private async Task<int[]> PooledAsync(int count)
    {
        var connections = new List<NpgsqlConnection>();
        for (var i = 0; i < count; i++)
            connections.Add(await _pool.OpenConnectionAsync());
        int[] processes = [.. connections.Select(connection => connection.ProcessID)];
        foreach (var connection in connections)
            await connection.DisposeAsync();
        return processes;
    }
}
