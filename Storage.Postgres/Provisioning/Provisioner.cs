using System.Text.Json;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Tokens;
using Npgsql;
using NpgsqlTypes;

namespace Firezone.Storage.Postgres.Provisioning;

/// <summary>
/// Creates configuration. Every call is one transaction and, like any other change, reaches running processes by notification.
/// </summary>
/// <param name="database">Where to.</param>
public sealed class Provisioner(Database database)
{
    /// <summary>The name of the managed group of all users.</summary>
    public const string EveryoneName = "Everyone";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Creates an account without anything in it.</summary>
    /// <param name="slug">Unique; a taken one throws.</param>
    /// <param name="name">For display.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its id.</returns>
    public Task<Guid> CreateAccountAsync(string slug, string name, CancellationToken ct = default) =>
        InsertAsync("insert into accounts (slug, name) values (@slug, @name) returning id", new { slug, name }, ct);

    /// <summary>Replaces the DNS settings of an account.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="config">The settings.</param>
    /// <param name="ct">Gives up.</param>
    public Task SetConfigAsync(Guid accountId, AccountConfig config, CancellationToken ct = default) =>
        ExecuteAsync(
            "update accounts set config = @config::jsonb where id = @accountId",
            new { accountId, config = AccountConfigJson.Write(config) },
            ct);

    /// <summary>Creates an actor.</summary>
    /// <param name="accountId">Owner.</param>
    /// <param name="type"><c>account_user</c>, <c>account_admin_user</c>, <c>service_account</c> or <c>api_client</c>.</param>
    /// <param name="name">For display.</param>
    /// <param name="email">Null for service accounts.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its id.</returns>
    public Task<Guid> CreateActorAsync(Guid accountId, string type, string name, string? email = null, CancellationToken ct = default) =>
        InsertAsync(
            "insert into actors (account_id, type, name, email) values (@accountId, @type, @name, @email) returning id",
            new { accountId, type, name, email },
            ct);

    /// <summary>Creates a static group.</summary>
    /// <param name="accountId">Owner.</param>
    /// <param name="name">For display.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its id.</returns>
    public Task<Guid> CreateGroupAsync(Guid accountId, string name, CancellationToken ct = default) =>
        InsertAsync("insert into groups (account_id, name) values (@accountId, @name) returning id", new { accountId, name }, ct);

    /// <summary>The account's group of all users, made if it has none.</summary>
    /// <param name="accountId">Owner.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its id.</returns>
    public async Task<Guid> EnsureEveryoneAsync(Guid accountId, CancellationToken ct = default)
    {
        await ExecuteAsync(
            """
            insert into groups (account_id, name, managed_by, is_everyone) values (@accountId, @name, 'system', true)
            on conflict (account_id) where is_everyone do nothing
            """,
            new { accountId, name = EveryoneName },
            ct);
        return await InsertAsync("select id from groups where account_id = @accountId and is_everyone", new { accountId }, ct);
    }

    /// <summary>Puts an actor into a group. Doing it twice throws.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="actorId">An actor of the same account.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The membership's id.</returns>
    public Task<Guid> AddMemberAsync(Guid groupId, Guid actorId, CancellationToken ct = default) =>
        InsertAsync(
            """
            insert into memberships (account_id, group_id, actor_id)
            select account_id, id, @actorId from groups where id = @groupId returning id
            """,
            new { groupId, actorId },
            ct);

    /// <summary>Creates a site.</summary>
    /// <param name="accountId">Owner.</param>
    /// <param name="name">Unique in the account.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its id.</returns>
    public Task<Guid> CreateSiteAsync(Guid accountId, string name, CancellationToken ct = default) =>
        InsertAsync("insert into sites (account_id, name) values (@accountId, @name) returning id", new { accountId, name }, ct);

    /// <summary>Creates a resource. The address is stored as given; validating it is the caller's part.</summary>
    /// <param name="accountId">Owner.</param>
    /// <param name="siteId">Where it is reached; null: nowhere yet.</param>
    /// <param name="type"><c>dns</c>, <c>cidr</c>, <c>ip</c> or <c>internet</c> (at most one).</param>
    /// <param name="name">For display.</param>
    /// <param name="address">Null exactly for the internet.</param>
    /// <param name="filters">Null or empty: all traffic.</param>
    /// <param name="addressDescription">Shown in place of the address.</param>
    /// <param name="ipStack">DNS only; null there means <c>dual</c>.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its id.</returns>
    public Task<Guid> CreateResourceAsync(
        Guid accountId,
        Guid? siteId,
        string type,
        string name,
        string? address,
        IReadOnlyList<FilterRow>? filters = null,
        string? addressDescription = null,
        string? ipStack = null,
        CancellationToken ct = default) =>
        InsertAsync(
            """
            insert into resources (account_id, site_id, type, name, address, address_description, ip_stack, filters)
            values (@accountId, @siteId, @type, @name, @address, @addressDescription, @ipStack, @filters::jsonb) returning id
            """,
            new
            {
                accountId,
                siteId,
                type,
                name,
                address,
                addressDescription,
                ipStack = ipStack ?? (type == "dns" ? "dual" : null),
                filters = JsonSerializer.Serialize(filters ?? [], Json),
            },
            ct);

    /// <summary>Creates an enabled policy. A second one for the same pair throws.</summary>
    /// <param name="groupId">Who.</param>
    /// <param name="resourceId">What; of the same account.</param>
    /// <param name="conditions">Null or empty: always.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its id.</returns>
    public Task<Guid> CreatePolicyAsync(
        Guid groupId, Guid resourceId, IReadOnlyList<ConditionRow>? conditions = null, CancellationToken ct = default) =>
        InsertAsync(
            """
            insert into policies (account_id, group_id, resource_id, conditions)
            select account_id, id, @resourceId, @conditions::jsonb from groups where id = @groupId returning id
            """,
            new { groupId, resourceId, conditions = JsonSerializer.Serialize(conditions ?? [], Json) },
            ct);

    /// <summary>Makes a token with which clients of an actor connect.</summary>
    /// <param name="actorId">The actor.</param>
    /// <param name="expiresAt">Until when.</param>
    /// <param name="nonce">See <see cref="DeviceToken.Issue"/>.</param>
    /// <param name="authProviderId">The identity provider that the actor signed in with, if any.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IssuedToken> IssueClientTokenAsync(
        Guid actorId, DateTimeOffset expiresAt, string nonce = "", Guid? authProviderId = null, CancellationToken ct = default)
    {
        var token = DeviceToken.Issue(TokenKind.Client, nonce);
        await InsertAsync(
            """
            insert into client_tokens (id, account_id, actor_id, auth_provider_id, secret_salt, secret_hash, expires_at)
            select @Id, account_id, id, @authProviderId, @Salt, @Hash, @expiresAt from actors where id = @actorId returning id
            """,
            new { token.Id, token.Salt, token.Hash, actorId, authProviderId, expiresAt = expiresAt.ToUniversalTime() },
            ct);
        return token;
    }

    /// <summary>Makes a token with which any number of gateways join a site.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IssuedToken> IssueGatewayTokenAsync(Guid siteId, CancellationToken ct = default)
    {
        var token = DeviceToken.Issue(TokenKind.Gateway);
        await InsertAsync(
            """
            insert into gateway_tokens (id, account_id, site_id, secret_salt, secret_hash)
            select @Id, account_id, id, @Salt, @Hash from sites where id = @siteId returning id
            """,
            new { token.Id, token.Salt, token.Hash, siteId },
            ct);
        return token;
    }

    /// <summary>Makes a token with which any number of relays connect.</summary>
    /// <param name="ct">Gives up.</param>
    public async Task<IssuedToken> IssueRelayTokenAsync(CancellationToken ct = default)
    {
        var token = DeviceToken.Issue(TokenKind.Relay);
        await InsertAsync(
            "insert into relay_tokens (id, secret_salt, secret_hash) values (@Id, @Salt, @Hash) returning id",
            new { token.Id, token.Salt, token.Hash },
            ct);
        return token;
    }

    /// <summary>Makes a token with which an actor uses the admin API.</summary>
    /// <param name="actorId">An actor of type <c>api_client</c> or <c>account_admin_user</c>; others cannot use it.</param>
    /// <param name="role"><c>reader</c> or <c>admin</c>.</param>
    /// <param name="name">For display.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IssuedToken> IssueAdminTokenAsync(Guid actorId, string role, string name, CancellationToken ct = default)
    {
        var token = DeviceToken.Issue(TokenKind.Admin);
        await InsertAsync(
            """
            insert into admin_tokens (id, account_id, actor_id, role, name, secret_salt, secret_hash)
            select @Id, account_id, id, @role, @name, @Salt, @Hash from actors where id = @actorId returning id
            """,
            new { token.Id, token.Salt, token.Hash, actorId, role, name },
            ct);
        return token;
    }

    /// <summary>Makes a token for the operator of the cluster. It opens no account.</summary>
    /// <param name="name">For display.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IssuedToken> IssueOperatorTokenAsync(string name, CancellationToken ct = default)
    {
        var token = DeviceToken.Issue(TokenKind.Admin);
        await InsertAsync(
            """
            with issued as (
                insert into admin_tokens (id, role, name, secret_salt, secret_hash) values (@Id, 'operator', @name, @Salt, @Hash)
                returning id, name),
            logged as (
                insert into audit_log (method, route, action, target_type, target_id, after)
                select 'COMMAND', 'operator-token', 'operator_token.create', 'operator_token', id, jsonb_build_object('name', name) from issued)
            select id from issued
            """,
            new { token.Id, token.Salt, token.Hash, name },
            ct);
        return token;
    }

    private async Task<Guid> InsertAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var command = Command(sql, parameters);
        // Nothing returned: what the new row belongs to does not exist.
        return await command.ExecuteScalarAsync(ct) as Guid? ?? throw new ArgumentException("There is no such owner.");
    }

    private async Task ExecuteAsync(string sql, object parameters, CancellationToken ct)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql, object parameters)
    {
        var command = database.Write.CreateCommand(sql);
        foreach (var property in parameters.GetType().GetProperties())
        {
            var type = property.PropertyType == typeof(Guid?) ? NpgsqlDbType.Uuid : NpgsqlDbType.Text;
            command.Parameters.Add(property.GetValue(parameters) is { } value
                ? new NpgsqlParameter(property.Name, value)
                : new NpgsqlParameter(property.Name, type) { Value = DBNull.Value });
        }

        return command;
    }
}
