using Firezone.Membership.Postgres.Table;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

public sealed class SchemaTests(TableDatabase database) : IClassFixture<TableDatabase>
{
    // The form that ADO.NET clusters made before time zones were kept, with a query text of its own.
    private const string OldForm = """
        create table OrleansQuery (QueryKey varchar(64) not null primary key, QueryText varchar(8000) not null);
        create table OrleansMembershipVersionTable (
            DeploymentId varchar(150) not null primary key, Timestamp timestamp(3) not null default (now() at time zone 'utc'),
            Version integer not null default 0);
        create table OrleansMembershipTable (
            DeploymentId varchar(150) not null references OrleansMembershipVersionTable (DeploymentId), Address varchar(45) not null,
            Port integer not null, Generation integer not null, SiloName varchar(150) not null, HostName varchar(150) not null,
            Status integer not null, ProxyPort integer, SuspectTimes varchar(8000), StartTime timestamp(3) not null,
            IAmAliveTime timestamp(3) not null, primary key (DeploymentId, Address, Port, Generation));
        insert into OrleansQuery values ('GatewaysQueryKey', 'select 1');
        """;

    private readonly string _cluster = TableDatabase.NewCluster();

    [Fact]
    public async Task Silos_that_start_at_once_on_an_empty_database_all_succeed()
    {
        var empty = await database.CreateEmptyAsync();
        var tables = Enumerable.Range(0, 8).Select(_ => database.Table(_cluster, empty)).ToList();
        await Task.WhenAll(tables.Select(table => Task.Run(() => table.InitializeMembershipTableAsync(true))));
        Assert.Equal(9, await TableDatabase.ScalarAsync<long>(empty, "select count(*) from OrleansQuery"));
        Assert.Equal(1, await TableDatabase.ScalarAsync<long>(empty, "select count(*) from OrleansMembershipVersionTable"));
        foreach (var table in tables)
            await table.AddAsync(Entries.New());
    }

    [Fact]
    public async Task A_complete_schema_is_found_so_without_a_write_or_a_lock()
    {
        await database.StartAsync(_cluster);
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        // An open transaction that changes the tables would hold back anything but reading the catalogue and rows.
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table OrleansMembershipVersionTable, OrleansMembershipTable, OrleansQuery in exclusive mode", connection);
        await command.ExecuteNonQueryAsync();
        await database.Table(_cluster, database.ConnectionString + ";Options=-c default_transaction_read_only=on").InitializeMembershipTableAsync(false);
    }

    [Fact]
    public async Task An_older_form_of_the_tables_is_used_as_it_is()
    {
        var old = await database.CreateEmptyAsync();
        await TableDatabase.ExecuteAsync(old, OldForm);
        // Rows must be right even if the database has another idea of local time.
        await TableDatabase.ExecuteAsync(old, $"alter database \"{new NpgsqlConnectionStringBuilder(old).Database}\" set timezone = 'Asia/Tokyo'");
        var table = await database.StartAsync(_cluster, connectionString: old);

        Assert.Equal("select 1", await TableDatabase.ScalarAsync<string>(old, "select QueryText from OrleansQuery where QueryKey = 'GatewaysQueryKey'"));
        Assert.Equal(9, await TableDatabase.ScalarAsync<long>(old, "select count(*) from OrleansQuery"));
        Assert.Equal(
            "timestamp without time zone",
            await TableDatabase.ScalarAsync<string>(
                old, "select data_type from information_schema.columns where table_name = 'orleansmembershiptable' and column_name = 'starttime'"));

        await using var listener = await Listener.StartAsync(old, _cluster);
        var entry = await table.AddAsync(Entries.New(SiloStatus.Active, age: TimeSpan.FromMinutes(1)));
        Entries.AssertSame(entry, (await table.ReadAllAsync()).Members[0].Item1);
        Assert.InRange((await table.SurveyAsync())[0].SinceIAmAlive, TimeSpan.FromSeconds(59), TimeSpan.FromMinutes(2));
        var read = await table.ReadRowAsync(entry.SiloAddress);
        entry.Status = SiloStatus.Dead;
        entry.IAmAliveTime = Entries.Now();
        Assert.True(await table.UpdateRowAsync(entry, read.Members[0].Item2, read.Version.Next()));
        Entries.AssertSame(entry, (await table.ReadAllAsync()).Members[0].Item1);
        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddMinutes(-5));
        Assert.Single((await table.ReadAllAsync()).Members);
        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Empty((await table.ReadAllAsync()).Members);
        Assert.Equal(["1|v|1", "1|v|2"], await listener.TakeAsync());
    }

    [Fact]
    public async Task Everything_is_made_in_the_schema_that_the_search_path_names()
    {
        var empty = await database.CreateEmptyAsync();
        await TableDatabase.ExecuteAsync(empty, "create schema \"Orleans 1\"");
        var elsewhere = empty + ";Search Path='\"Orleans 1\"'";
        var table = await database.StartAsync(_cluster, connectionString: elsewhere);
        await using var listener = await Listener.StartAsync(empty, _cluster);
        await table.AddAsync(Entries.New());
        Assert.Equal(["1|v|1"], await listener.TakeAsync());
        Assert.Equal(
            "Orleans 1",
            await TableDatabase.ScalarAsync<string>(
                empty, "select string_agg(distinct n.nspname, ',') from pg_proc p join pg_namespace n on n.oid = p.pronamespace where proname = 'orleans_membership_notify'"));
        Assert.Equal(
            3,
            await TableDatabase.ScalarAsync<long>(empty, "select count(*) from pg_tables where tablename like 'orleans%' and schemaname = 'Orleans 1'"));
    }

    [Fact]
    public async Task Tables_further_down_the_search_path_are_used_and_not_made_again()
    {
        var empty = await database.CreateEmptyAsync();
        await TableDatabase.ExecuteAsync(empty, OldForm + "create schema app");
        await database.StartAsync(_cluster, connectionString: empty + ";Search Path=app,public");
        Assert.Equal(0, await TableDatabase.ScalarAsync<long>(empty, "select count(*) from pg_tables where schemaname = 'app'"));
        Assert.Equal(
            "public",
            await TableDatabase.ScalarAsync<string>(
                empty, "select n.nspname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace where proname = 'orleans_membership_notify'"));
    }

    [Fact]
    public async Task Without_leave_to_make_them_missing_parts_are_named()
    {
        var empty = await database.CreateEmptyAsync();
        var e = await RefusedAsync(empty, create: false);
        Assert.Contains("OrleansQuery, OrleansMembershipVersionTable, OrleansMembershipTable", e.Message, StringComparison.Ordinal);
        Assert.Contains("CreateSchema", e.Message, StringComparison.Ordinal);
        Assert.Contains("MembershipSchema.Script", e.Message, StringComparison.Ordinal);

        await TableDatabase.ExecuteAsync(empty, OldForm);
        e = await RefusedAsync(empty, create: false);
        Assert.Contains("CleanupDefunctSiloEntriesKey", e.Message, StringComparison.Ordinal);
        Assert.Contains("trigger orleans_membership_notify", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("GatewaysQueryKey", e.Message, StringComparison.Ordinal);

        await TableDatabase.ExecuteAsync(empty, MembershipSchema.Script);
        await database.Table(_cluster, empty, configure: o => o.CreateSchema = false).InitializeMembershipTableAsync(true);
    }

    [Fact]
    public async Task A_table_that_lacks_a_column_is_refused_by_name()
    {
        var empty = await database.CreateEmptyAsync();
        await TableDatabase.ExecuteAsync(empty, OldForm + "alter table OrleansMembershipTable drop column SiloName");
        Assert.Contains("OrleansMembershipTable.SiloName", (await RefusedAsync(empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_create_is_told_which_right_it_lacks()
    {
        var empty = await database.CreateEmptyAsync();
        var limited = await CreateRoleAsync(empty);
        var e = await RefusedAsync(limited.ConnectionString);
        Assert.Contains(limited.Role, e.Message, StringComparison.Ordinal);
        Assert.Contains("CREATE on schema public", e.Message, StringComparison.Ordinal);
        Assert.Contains("MembershipSchema.Script", e.Message, StringComparison.Ordinal);

        await TableDatabase.ExecuteAsync(empty, MembershipSchema.Script);
        e = await RefusedAsync(limited.ConnectionString);
        Assert.Contains("SELECT on OrleansQuery", e.Message, StringComparison.Ordinal);
        Assert.Contains("DELETE on OrleansMembershipTable", e.Message, StringComparison.Ordinal);

        await GrantAsync(empty, limited.Role);
        var table = await database.StartAsync(_cluster, connectionString: limited.ConnectionString);
        await table.AddAsync(Entries.New());
    }

    [Fact]
    public async Task A_role_that_may_not_add_query_texts_is_told_so()
    {
        var empty = await database.CreateEmptyAsync();
        var limited = await CreateRoleAsync(empty);
        await TableDatabase.ExecuteAsync(empty, MembershipSchema.Script + "; delete from OrleansQuery where QueryKey = 'InsertMembershipKey'");
        await GrantAsync(empty, limited.Role);
        var e = await RefusedAsync(limited.ConnectionString);
        Assert.Contains("InsertMembershipKey", e.Message, StringComparison.Ordinal);
        Assert.Contains("permission denied for table orleansquery", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_trigger_silos_work_and_one_warning_says_what_it_costs()
    {
        var empty = await database.CreateEmptyAsync();
        var limited = await CreateRoleAsync(empty);
        await TableDatabase.ExecuteAsync(empty, MembershipSchema.Script + "; drop trigger orleans_membership_notify on OrleansMembershipVersionTable");
        await GrantAsync(empty, limited.Role);
        var log = new RecordingLog<PostgresMembershipTable>();
        var table = database.Table(_cluster, limited.ConnectionString, log: log);
        await table.InitializeMembershipTableAsync(true);
        await table.InitializeMembershipTableAsync(true);
        var warning = Assert.Single(log.Lines, line => line.Level == LogLevel.Warning);
        Assert.Contains("next refresh", warning.Message, StringComparison.Ordinal);

        await using var listener = await Listener.StartAsync(limited.ConnectionString, _cluster);
        await table.AddAsync(Entries.New());
        Assert.Equal(["1|v|1"], await listener.TakeAsync());
    }

    [Fact]
    public async Task An_older_trigger_function_is_replaced_and_a_newer_one_is_kept()
    {
        var empty = await database.CreateEmptyAsync();
        const string Body = "select substring(prosrc from 'form ([0-9]+)') from pg_proc where proname = 'orleans_membership_notify'";
        foreach (var (installed, expected) in new[] { ("0", "1"), ("7", "7") })
        {
            await TableDatabase.ExecuteAsync(empty, MembershipSchema.Script.Replace("form 1", "form " + installed, StringComparison.Ordinal));
            await TableDatabase.ExecuteAsync(
                empty,
                $"create or replace function orleans_membership_notify() returns trigger language plpgsql as 'begin /* form {installed} */ return null; end'");
            await database.Table(_cluster, empty).InitializeMembershipTableAsync(true);
            Assert.Equal(expected, await TableDatabase.ScalarAsync<string>(empty, Body));
        }
    }

    private async Task<MembershipSchemaException> RefusedAsync(string connectionString, bool create = true)
    {
        var table = database.Table(_cluster, connectionString, configure: o => o.CreateSchema = create);
        return await Assert.ThrowsAsync<MembershipSchemaException>(() => table.InitializeMembershipTableAsync(true));
    }

    private static async Task<(string Role, string ConnectionString)> CreateRoleAsync(string connectionString)
    {
        var role = "limited_" + Guid.NewGuid().ToString("N")[..8];
        await TableDatabase.ExecuteAsync(connectionString, $"create role {role} login password '{role}'; revoke create on schema public from public");
        return (role, new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = role }.ConnectionString);
    }

    private static Task GrantAsync(string connectionString, string role) => TableDatabase.ExecuteAsync(
        connectionString,
        $"grant select on OrleansQuery to {role}; grant select, insert, update, delete on OrleansMembershipVersionTable, OrleansMembershipTable to {role}");
}
