using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Firezone.Shared;
using Firezone.Storage.Postgres.Retention;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Firezone.Storage.Postgres.Tests.Retention;

public sealed class HousekeeperTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Elected = 3042;
    private const int Resigned = 3043;
    private const int Lost = 3044;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Events _log = new();

    public Task InitializeAsync() => postgres.ExecuteAsync("delete from revoked_authorizations");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task One_of_many_is_elected_and_the_next_one_when_its_session_ends()
    {
        await ExpireAsync(3);
        var keepers = Enumerable.Range(0, 8).Select(_ => Keeper()).ToList();
        var rounds = await Task.WhenAll(keepers.Select(k => k.DoRoundAsync(None)));
        Assert.Equal(3L, Assert.Single(rounds, r => r is not null));
        Assert.Equal([Elected], _log.Ids);
        var elected = keepers[Array.FindIndex(rounds, r => r is not null)];
        Assert.Equal(0L, await elected.DoRoundAsync(None));

        // As a fail-over, a restart or an administrator does it.
        await postgres.ExecuteAsync(
            """
            select pg_terminate_backend(pid, 30000) from pg_locks
            where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
            """);
        await ExpireAsync(2);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => elected.DoRoundAsync(None));
        rounds = await Task.WhenAll(keepers.Select(k => k.DoRoundAsync(None)));
        Assert.Equal(2L, Assert.Single(rounds, r => r is not null));
        Assert.Equal([Elected, Lost, Elected], _log.Ids);

        await Task.WhenAll(keepers.Select(k => k.ResignAsync()));
        Assert.Equal([Elected, Lost, Elected, Resigned], _log.Ids);
    }

    [Fact]
    public async Task A_process_that_is_told_to_stop_ends_its_round_and_leaves_the_role_to_others()
    {
        await ExpireAsync(10);
        var time = new WatchedTime();
        var deleted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var meters = Meters(out var listener, (name, _, _) =>
        {
            if (name == "firezone.housekeeping.rows_deleted")
                deleted.TrySetResult();
        });
        using (listener)
        {
            var keeper = Keeper(new() { BatchRows = 2, Pause = TimeSpan.FromHours(1) }, time, new(meters.GetRequiredService<IMeterFactory>()));
            await keeper.StartAsync(None);
            await time.WaitedAsync();
            time.Advance(TimeSpan.FromMinutes(2));
            await deleted.Task.WaitAsync(TimeSpan.FromSeconds(30));
            // It waits for an hour that never comes.
            await keeper.StopAsync(None).WaitAsync(TimeSpan.FromSeconds(30));
        }
        Assert.Equal([Elected, Resigned], _log.Ids);
        var next = Keeper();
        Assert.Equal(8L, await next.DoRoundAsync(None));
        await next.ResignAsync();
    }

    [Fact]
    public async Task A_table_that_cannot_be_had_does_not_keep_the_others_waiting_and_is_told_once()
    {
        var keeper = Keeper();
        await using (var connection = await postgres.Database.Write.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var seize = new NpgsqlCommand("lock table policy_authorizations in access exclusive mode", connection))
                await seize.ExecuteNonQueryAsync();
            await ExpireAsync(1);
            Assert.Equal(1L, await keeper.DoRoundAsync(None));
            Assert.Equal(0L, await keeper.DoRoundAsync(None));
        }
        await keeper.DoRoundAsync(None);
        // The tokens look at the authorizations, too.
        Assert.Equal([Elected, 3040, 3040, 3041, 3041], _log.Ids);
        await keeper.ResignAsync();
    }

    [Fact]
    public async Task Meters_tell_who_is_elected_what_was_deleted_and_how_far_behind_it_is()
    {
        var seen = new ConcurrentDictionary<string, double>();
        using var meters = Meters(
            out var listener, (name, table, value) => seen[$"{name["firezone.housekeeping.".Length..]} {table}".Trim()] = value);
        using (listener)
        {
            var keeper = Keeper(
                new() { BatchRows = 1, BatchesPerRound = 1, Pause = TimeSpan.Zero }, metrics: new(meters.GetRequiredService<IMeterFactory>()));
            listener.RecordObservableInstruments();
            Assert.Equal(0, seen["elected"]);

            await ExpireAsync(2);
            await keeper.DoRoundAsync(None);
            listener.RecordObservableInstruments();
            Assert.Equal(1, seen["elected"]);
            Assert.Equal(1, seen["rows_deleted revoked_authorizations"]);
            Assert.InRange(seen["oldest_expired revoked_authorizations"], 59, 3600);
            Assert.Equal(0, seen["oldest_expired sessions"]);

            await keeper.DoRoundAsync(None);
            listener.RecordObservableInstruments();
            Assert.Equal(0, seen["oldest_expired revoked_authorizations"]);

            await keeper.ResignAsync();
            seen.Clear();
            listener.RecordObservableInstruments();
            Assert.Equal([new("elected", 0)], seen);
        }
    }

    [Theory]
    [InlineData("SessionDays", "0")]
    [InlineData("AuditLogDays", "-1")]
    [InlineData("BatchRows", "0")]
    [InlineData("BatchesPerRound", "0")]
    [InlineData("Interval", "00:00:00.5")]
    [InlineData("Pause", "-00:00:01")]
    public async Task A_setting_that_cannot_work_is_named_at_the_start(string key, string value)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new($"Retention:{key}", value)]);
        builder.Services.AddFirezoneStorage(postgres.ConnectionString);
        using var host = builder.Build();
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.StartsWith($"Retention:{key} is {value}", failure.Message, StringComparison.Ordinal);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private static ServiceProvider Meters(out MeterListener listener, Action<string, string?, double> seen)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                // Other tests have meters of the same name.
                if (instrument.Name.StartsWith("firezone.housekeeping.", StringComparison.Ordinal)
                    && ReferenceEquals(instrument.Meter.Scope, meters.GetRequiredService<IMeterFactory>()))
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => seen(i.Name, tags.Length > 0 ? (string?)tags[0].Value : null, value));
        listener.SetMeasurementEventCallback<int>((i, value, tags, _) => seen(i.Name, tags.Length > 0 ? (string?)tags[0].Value : null, value));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => seen(i.Name, tags.Length > 0 ? (string?)tags[0].Value : null, value));
        listener.Start();
        return meters;
    }

    private Task ExpireAsync(int rows) => postgres.ExecuteAsync(
        """
        insert into revoked_authorizations (gateway_id, client_id, resource_id, revoked_at, expires_at)
        select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), now() - interval '1 minute' from generate_series(1, $1)
        """, rows);

    private Housekeeper Keeper(RetentionOptions? options = null, TimeProvider? time = null, RetentionMetrics? metrics = null)
    {
        var given = Options.Create(options ?? new() { Pause = TimeSpan.Zero });
        metrics ??= new();
        time ??= TimeProvider.System;
        var rows = new ExpiredRows(given, new(_log.For<AuditLogMonths>()), time, metrics, _log.For<ExpiredRows>());
        return new(postgres.Database, rows, given, time, metrics, _log.For<Housekeeper>());
    }

    private sealed class Events
    {
        private readonly ConcurrentQueue<int> _ids = new();

        public IReadOnlyList<int> Ids => [.. _ids];

        public ILogger<T> For<T>() => new Log<T>(_ids);

        private sealed class Log<T>(ConcurrentQueue<int> ids) : ILogger<T>
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            void ILogger.Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                ids.Enqueue(eventId.Id);
        }
    }
}
