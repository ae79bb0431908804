using System.Globalization;
using Firezone.Grains.Tests.Cluster;
using Firezone.Storage.Postgres.Tokens;
using Npgsql;

namespace Firezone.Grains.Tests.Model;

/// <summary>One account with its devices.</summary>
internal sealed class ModelAccount
{
    public static readonly Guid[] Providers = [new("aaaaaaaa-0000-4000-8000-000000000001"), new("aaaaaaaa-0000-4000-8000-000000000002")];

    private static readonly string[] ClientVersions = ["1.5.7", "1.5.7", "1.4.3", "1.2.4", "1.1.0"];
    private static readonly string[] GatewayVersions = ["1.5.0", "1.4.2", "1.3.1"];

    private readonly SeededRandom _random;
    private readonly NpgsqlDataSource _sql;

    private ModelAccount(GrainCluster cluster, NpgsqlDataSource sql, SeededRandom random)
    {
        (Cluster, _sql, _random) = (cluster, sql, random);
        Id = random.Guid();
        Clients = [.. Enumerable.Range(0, 5).Select(i => new ClientDevice(cluster, $"c{i}", ClientVersions[i]))];
        Gateways = [.. Enumerable.Range(0, 3).Select(i => new GatewayDevice(cluster, $"g{i}", GatewayVersions[i]))];
    }

    public GrainCluster Cluster { get; }

    public Guid Id { get; }

    public ClientDevice[] Clients { get; }

    public GatewayDevice[] Gateways { get; }

    public IEnumerable<ModelSession> Sessions => [.. Clients.SelectMany(c => c.Sessions), .. Gateways.SelectMany(g => g.Sessions)];

    /// <summary>Creates the account; nobody is connected yet.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="sql">How an administrator changes things: not through the product.</param>
    /// <param name="random">Of the seed.</param>
    public static async Task<ModelAccount> CreateAsync(GrainCluster cluster, NpgsqlDataSource sql, SeededRandom random)
    {
        var account = new ModelAccount(cluster, sql, random);
        var changes = new Changes(random, account, null);
        await account.ExecuteAsync(changes.Foundation());
        var rows = await account.ReadAsync(0);
        await account.ExecuteAsync(new Changes(random, account, rows).Resources());
        rows = await account.ReadAsync(0);
        await account.ExecuteAsync(new Changes(random, account, rows).Grants());
        rows = await account.ReadAsync(0);
        foreach (var client in account.Clients)
            await account.SignIn(client, rows!)();
        foreach (var gateway in account.Gateways)
            await account.JoinAsync(gateway, random.Of(rows!.Sites).Id);
        return account;
    }

    public Task<AccountRows?> ReadAsync(long grantsAfter) => AccountRows.ReadAsync(Cluster.Database, Id, grantsAfter);

    /// <summary>One transaction. A deadlock with another is repeated, as anybody would; what the schema refuses stays undone.</summary>
    public async Task ExecuteAsync(string sql)
    {
        while (true)
        {
            try
            {
                await using var command = _sql.CreateCommand(sql);
                await command.ExecuteNonQueryAsync();
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected)
            {
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ForeignKeyViolation
                or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.CheckViolation)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Chooses an actor; the call that is returned gets the client a token of that actor. The old one stays if the actor goes at the same time.
    /// </summary>
    public Func<Task> SignIn(ClientDevice client, AccountRows rows)
    {
        var actor = _random.OfAny([.. rows.Actors.Where(a => !a.Disabled)])?.Id ?? Guid.Empty;
        Guid? provider = _random.OneIn(3) ? null : _random.Of(Providers);
        var lifetime = TimeSpan.FromHours(_random.OneIn(3) ? 1 : 24 * 30);
        return async () =>
        {
            var expiresAt = DateTimeOffset.UtcNow + lifetime;
            if (await IssueAsync(() => Cluster.Provisioner.IssueClientTokenAsync(actor, expiresAt, authProviderId: provider)) is { } token)
                client.Token = (token.Id, actor, token.Text);
        };
    }

    /// <summary>A new token for a site; the old one stays if the site goes at the same time.</summary>
    public async Task JoinAsync(GatewayDevice gateway, Guid siteId)
    {
        if (await IssueAsync(() => Cluster.Provisioner.IssueGatewayTokenAsync(siteId)) is { } token)
            gateway.Token = (token.Id, siteId, token.Text);
    }

    private static async Task<IssuedToken?> IssueAsync(Func<Task<IssuedToken>> issue)
    {
        try
        {
            return await issue();
        }
        catch (Exception e) when (e is ArgumentException or PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            return null;
        }
    }

    /// <summary>A value for time conditions in a zone where it is about noon, so that no window ends or begins while the test runs.</summary>
    public string TimeWindow(bool isOpen)
    {
        var now = Cluster.Time.GetUtcNow();
        var offset = 12 - now.Hour;
        var local = now.ToOffset(TimeSpan.FromHours(offset));
        var day = "UMTWRFS"[(int)local.DayOfWeek];
        var zone = string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{(offset > 0 ? $"-{offset}" : offset == 0 ? "" : $"+{-offset}")}");
        var ranges = isOpen
            ? _random.Of("9-15", "10:30-14,14-18:30", "11:00:00-16,20-21", "8-15,14-17")
            : _random.Of("15-17", "9-11", "8-10,10-11:30,16-18");
        return $"{day}/{ranges}/{zone}";
    }
}
