using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Tokens;
using Npgsql;

namespace Firezone.Silos.AllInOne;

/// <summary>The account that an all-in-one node makes at its first start, so that there is something to connect to.</summary>
public static class DemoAccount
{
    /// <summary>Its short name.</summary>
    public const string Slug = "demo";

    private static readonly TimeSpan ClientTokenLifetime = TimeSpan.FromDays(90);

    /// <summary>Makes the account if it is missing, and tokens if the saved ones are not good for this database.</summary>
    public static async Task<DemoTokens> EnsureAsync(Database database, string directory, TimeProvider time)
    {
        var saved = await DemoTokens.LoadAsync(directory);
        if (saved is not null && await AreKnownAsync(database, saved))
            return saved;

        var provisioner = new Provisioner(database);
        var (actor, site) = await FindAsync(database) ?? await CreateAsync(provisioner);
        var tokens = new DemoTokens(
            (await provisioner.IssueClientTokenAsync(actor, time.GetUtcNow() + ClientTokenLifetime)).Text,
            (await provisioner.IssueGatewayTokenAsync(site)).Text,
            (await provisioner.IssueRelayTokenAsync()).Text,
            (await provisioner.IssueAdminTokenAsync(actor, "admin", "Demo")).Text,
            (await provisioner.IssueOperatorTokenAsync("Demo")).Text);
        await tokens.SaveAsync(directory);
        return tokens;
    }

    private static async Task<(Guid Actor, Guid Site)> CreateAsync(Provisioner provisioner)
    {
        var account = await provisioner.CreateAccountAsync(Slug, "Demo");
        var everyone = await provisioner.EnsureEveryoneAsync(account);
        var actor = await provisioner.CreateActorAsync(account, "account_admin_user", "Ada Demo", "ada@demo.example");
        var site = await provisioner.CreateSiteAsync(account, "Demo office");
        FilterRow[] web = [new("tcp", ["80", "443"])];
        var wiki = await provisioner.CreateResourceAsync(account, site, "dns", "Wiki", "**.wiki.demo.example", web, "https://wiki.demo.example");
        var lab = await provisioner.CreateResourceAsync(account, site, "cidr", "Lab", "10.20.0.0/16");
        await provisioner.CreatePolicyAsync(everyone, wiki);
        await provisioner.CreatePolicyAsync(everyone, lab);
        return (actor, site);
    }

    private static async Task<(Guid Actor, Guid Site)?> FindAsync(Database database)
    {
        await using var command = database.Write.CreateCommand(
            """
            select (select id from actors where account_id = a.id and type = 'account_admin_user' order by created_at limit 1),
                (select id from sites where account_id = a.id order by name limit 1)
            from accounts a where slug = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = Slug });
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
            return null;
        if (reader.IsDBNull(0) || reader.IsDBNull(1))
            throw new Hosting.NodeStartException($"The account '{Slug}' has lost its actor or site; delete it to have it made again.");
        return (reader.GetGuid(0), reader.GetGuid(1));
    }

    private static async Task<bool> AreKnownAsync(Database database, DemoTokens tokens)
    {
        if (!DeviceToken.TryParse(tokens.Client, TokenKind.Client, out var client)
            || !DeviceToken.TryParse(tokens.Gateway, TokenKind.Gateway, out var gateway)
            || !DeviceToken.TryParse(tokens.Relay, TokenKind.Relay, out var relay)
            || !DeviceToken.TryParse(tokens.Admin, TokenKind.Admin, out var admin)
            || !DeviceToken.TryParse(tokens.Operator, TokenKind.Admin, out var op))
        {
            return false;
        }

        await using var command = database.Write.CreateCommand(
            """
            select exists (select 1 from client_tokens where id = $1 and expires_at > now() + interval '1 day')
               and exists (select 1 from gateway_tokens where id = $2)
               and exists (select 1 from relay_tokens where id = $3)
               and exists (select 1 from admin_tokens where id = $4)
               and exists (select 1 from admin_tokens where id = $5 and role = 'operator')
            """);
        foreach (var id in (Guid[])[client.Id, gateway.Id, relay.Id, admin.Id, op.Id])
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
