using System.Threading.Channels;
using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Accounts;

public sealed class AccountChangeListenerTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_change_by_plain_sql_is_heard()
    {
        var account = await TestAccount.CreateAsync(postgres);
        using var listener = Listener(postgres.Database);
        var changes = Subscribe(listener, out _);
        await listener.StartAsync(CancellationToken.None);
        await listener.Listening.WaitAsync(Patience);

        await postgres.ExecuteAsync("update sites set name = 'Berlin' where account_id = $1", account.Id);

        var version = await postgres.ScalarAsync<long>("select version from accounts where id = $1", account.Id);
        Assert.Equal((account.Id, version), await NextAsync(changes, account.Id));
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_failing_handler_and_a_malformed_payload_do_not_end_the_listening()
    {
        var account = await TestAccount.CreateAsync(postgres);
        using var listener = Listener(postgres.Database);
        listener.Subscribe((_, _) => throw new InvalidOperationException("handler"));
        var changes = Subscribe(listener, out var subscription);
        await listener.StartAsync(CancellationToken.None);
        await listener.Listening.WaitAsync(Patience);

        await postgres.ExecuteAsync("notify firezone_accounts, 'nonsense'");
        await postgres.ExecuteAsync("update sites set name = 'Berlin' where account_id = $1", account.Id);
        await NextAsync(changes, account.Id);

        subscription.Dispose();
        var others = Subscribe(listener, out _);
        await postgres.ExecuteAsync("update sites set name = 'Bonn' where account_id = $1", account.Id);
        await NextAsync(others, account.Id);
        Assert.False(changes.TryRead(out _));
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_lost_connection_is_replaced_and_said_so()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await using var proxy = Proxy();
        await using var database = Through(proxy);
        using var listener = Listener(database);
        var changes = Subscribe(listener, out _);
        var reconnects = Reconnects(listener);
        await listener.StartAsync(CancellationToken.None);
        await reconnects.ReadAsync().AsTask().WaitAsync(Patience);

        proxy.Refuse = true;
        proxy.CutAll();
        await postgres.ExecuteAsync("update sites set name = 'Unheard' where account_id = $1", account.Id);
        proxy.Refuse = false;

        await reconnects.ReadAsync().AsTask().WaitAsync(Patience);
        await postgres.ExecuteAsync("update sites set name = 'Heard' where account_id = $1", account.Id);
        await NextAsync(changes, account.Id);
        await listener.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_connection_that_died_silently_is_noticed_and_replaced()
    {
        await using var proxy = Proxy();
        await using var database = Through(proxy);
        using var listener = Listener(database);
        var reconnects = Reconnects(listener);
        await listener.StartAsync(CancellationToken.None);
        await reconnects.ReadAsync().AsTask().WaitAsync(Patience);

        proxy.SilenceAll();
        await reconnects.ReadAsync().AsTask().WaitAsync(Patience);
        await listener.StopAsync(CancellationToken.None);
    }

    private FaultProxy Proxy() => new(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Port);

    private Database Through(FaultProxy proxy) =>
        new(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = proxy.Port, Timeout = 2 }.ConnectionString);

    private static AccountChangeListener Listener(Database database) =>
        new(database, TimeProvider.System, NullLogger<AccountChangeListener>.Instance, new StorageMetrics())
        {
            PingAfter = TimeSpan.FromMilliseconds(200),
        };

    private static ChannelReader<(Guid Account, long Version)> Subscribe(AccountChangeListener listener, out IDisposable subscription)
    {
        var channel = Channel.CreateUnbounded<(Guid, long)>();
        subscription = listener.Subscribe((account, version) => channel.Writer.TryWrite((account, version)));
        return channel.Reader;
    }

    private static ChannelReader<bool> Reconnects(AccountChangeListener listener)
    {
        var channel = Channel.CreateUnbounded<bool>();
        listener.Reconnected += () => channel.Writer.TryWrite(true);
        return channel.Reader;
    }

    private static async Task<(Guid Account, long Version)> NextAsync(ChannelReader<(Guid Account, long Version)> changes, Guid account)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var change = await changes.ReadAsync(patience.Token);
            if (change.Account == account)
                return change;
        }
    }
}
