using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Firezone.Membership.Postgres.Table;
using Firezone.Shared;
using Npgsql;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>The database refuses connections, or is silent, or comes back.</summary>
public sealed class WithoutDatabaseTests(TableDatabase database) : IClassFixture<TableDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan LeavingLimit = TimeSpan.FromMilliseconds(400);
    // What a loaded machine may add.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly string _cluster = TableDatabase.NewCluster();
    private FaultProxy _proxy = null!;
    private PostgresMembershipOptions _options = null!;
    private PostgresMembershipTable _table = null!;
    private MembershipEntry _self = null!;

    public async Task InitializeAsync()
    {
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        _proxy = new FaultProxy(direct.Port);
        var through = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = _proxy.Port,
            // Else Npgsql takes a host for dead for ten seconds after any broken connection.
            HostRecheckSeconds = 0,
        };
        _table = database.Table(_cluster, through.ConnectionString, configure: o => _options = o);
        await _table.InitializeMembershipTableAsync(true);
        _self = await _table.AddAsync(Entries.New(SiloStatus.Active));
        await _table.ReadAllAsync();
    }

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Operations_fail_within_their_limit(bool silent)
    {
        Break(silent);
        await FailsAsync(() => _table.ReadAllAsync(), silent);
        await FailsAsync(() => _table.ReadRowAsync(_self.SiloAddress), false);
        await FailsAsync(() => _table.UpdateIAmAliveAsync(_self), false);
        await FailsAsync(() => _table.UpdateRowAsync(_self, "etag", new TableVersion(2, "1")), false);
        Assert.False(await _table.TryDeclareDeadAsync(SiloId.Of(_self.SiloAddress), Entries.Address()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_leaving_silo_goes_through_its_statuses(bool silent)
    {
        Break(silent);
        _table.Leaving = true;
        var started = Stopwatch.GetTimestamp();
        var version = 1;
        foreach (var status in new[] { SiloStatus.ShuttingDown, SiloStatus.Stopping, SiloStatus.Dead })
        {
            var data = await _table.ReadAllAsync();
            Assert.Equal(version, data.Version.Version);
            var (entry, etag) = data.TryGet(_self.SiloAddress)!;
            entry.Status = status;
            Assert.True(await _table.UpdateRowAsync(entry, etag, data.Version.Next()));
            version++;
        }
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, LeavingLimit * 2 + Grace);
        Assert.Equal(SiloStatus.Dead, (await _table.ReadAllAsync()).TryGet(_self.SiloAddress)!.Item1.Status);
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up_within_the_limit()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = ((IPEndPoint)mute.LocalEndpoint).Port };
        var table = database.Table(_cluster, settings.ConnectionString, configure: o => o.TableTimeout = Limit);
        await FailsAsync(() => table.ReadAllAsync(), timesOut: true);
    }

    [Fact]
    public async Task A_leaving_silo_cannot_kill_others_in_its_head()
    {
        var other = await (await database.StartAsync(_cluster)).AddAsync(Entries.New(SiloStatus.Active));
        var data = await _table.ReadAllAsync();
        Break(silent: false);
        _table.Leaving = true;
        var (entry, etag) = data.TryGet(other.SiloAddress)!;
        entry.Status = SiloStatus.Dead;
        Assert.NotNull(await Record.ExceptionAsync(() => _table.UpdateRowAsync(entry, etag, data.Version.Next())));
    }

    [Fact]
    public async Task Entries_from_memory_are_not_those_that_were_given_out()
    {
        var before = (await _table.ReadAllAsync()).Members[0].Item1;
        before.Status = SiloStatus.Dead;
        Break(silent: false);
        _table.Leaving = true;
        Assert.Equal(SiloStatus.Active, (await _table.ReadAllAsync()).Members[0].Item1.Status);
    }

    [Fact]
    public async Task A_leaving_silo_whose_database_works_writes_as_ever()
    {
        _table.Leaving = true;
        var data = await _table.ReadAllAsync();
        Assert.False(await _table.UpdateRowAsync(_self, data.Members[0].Item2, new TableVersion(1, "0")));
        _self.Status = SiloStatus.Dead;
        Assert.True(await _table.UpdateRowAsync(_self, data.Members[0].Item2, data.Version.Next()));
        var direct = await database.StartAsync(_cluster);
        Assert.Equal(SiloStatus.Dead, (await direct.ReadAllAsync()).Members[0].Item1.Status);
    }

    [Fact]
    public async Task Connections_that_died_in_the_pool_are_replaced_unnoticed()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _table.ReadAllAsync()));
        _proxy.CutAll();
        Assert.Single((await _table.ReadAllAsync()).Members);
        await database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'orleans-membership' and datname = current_database()");
        Assert.Single((await _table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task A_host_that_is_held_for_dead_is_waited_for()
    {
        var through = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = _proxy.Port, HostRecheckSeconds = 1 };
        var table = database.Table(_cluster, through.ConnectionString, configure: o => o.TableTimeout = TimeSpan.FromSeconds(20));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => table.ReadAllAsync()));
        _proxy.CutAll();
        Assert.Single((await table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task After_an_outage_it_works_again()
    {
        Break(silent: false);
        await FailsAsync(() => _table.ReadAllAsync(), false);
        _proxy.Refuse = false;
        _options.TableTimeout = new PostgresMembershipOptions().TableTimeout;
        Assert.Single((await _table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task The_callers_cancellation_is_reported_as_such()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _table.ReadAllAsync(cancelled.Token));
        _table.Leaving = true;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _table.ReadAllAsync(cancelled.Token));
    }

    /// <summary>The limits are short from now on only: a database that works may take its time on a loaded machine.</summary>
    private void Break(bool silent)
    {
        (_options.TableTimeout, _options.LeavingTableTimeout) = (Limit, LeavingLimit);
        _proxy.Refuse = true;
        if (silent)
            _proxy.SilenceAll();
        else
            _proxy.CutAll();
    }

    private static async Task FailsAsync(Func<Task> operation, bool timesOut)
    {
        var started = Stopwatch.GetTimestamp();
        var e = await Record.ExceptionAsync(operation);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Limit + Grace);
        if (timesOut)
            Assert.IsType<TimeoutException>(e);
        else
            Assert.True(e is TimeoutException or NpgsqlException, e?.ToString() ?? "nothing failed");
    }
}
