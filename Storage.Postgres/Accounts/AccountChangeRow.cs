using System.Text.Json;

namespace Firezone.Storage.Postgres.Accounts;

/// <summary>A row of <c>account_changes</c>, in the form that the triggers write.</summary>
internal static class AccountChangeRow
{
    /// <summary>
    /// Appends what the row says: two changes for a membership that was rewritten, else one. False if this build does not know it.
    /// </summary>
    public static bool TryRead(
        List<AccountChange> into, long version, string table, string operation, Guid id, string? before, string? after)
    {
        using var old = Parse(before);
        using var now = Parse(after);
        if (table == "memberships" && old is not null)
            into.Add(new AccountChange.MembershipRemoved(version, Membership(id, old.RootElement)));
        if (table == "memberships" && now is null)
            return true;
        var change = now is not null ? Put(version, table, id, now.RootElement)
            : Removed(version, table, table == "policy_authorizations" ? Gateway(old!) : id);
        if (change is null)
            return false;
        into.Add(change);
        return true;
    }

    private static AccountChange? Put(long version, string table, Guid id, JsonElement row) => table switch
    {
        "accounts" => new AccountChange.AccountUpdated(
            version,
            row.GetProperty("slug").GetString()!,
            AccountConfigJson.Read(row.GetProperty("config")),
            row.GetProperty("disabled").GetBoolean()),
        "sites" => new AccountChange.SitePut(version, new(id, row.GetProperty("name").GetString()!)),
        "resources" => new AccountChange.ResourcePut(version, Resource(id, row)),
        "groups" => new AccountChange.GroupPut(
            version, new(id, row.GetProperty("name").GetString()!, row.GetProperty("is_everyone").GetBoolean())),
        "memberships" => new AccountChange.MembershipPut(version, Membership(id, row)),
        "policies" => row.GetProperty("disabled_at").ValueKind == JsonValueKind.Null
            ? new AccountChange.PolicyPut(version, Policy(id, row))
            : new AccountChange.PolicyRemoved(version, id),
        "clients" => new AccountChange.ClientVerification(version, id, row.GetProperty("verified").GetBoolean()),
        _ => null,
    };

    private static AccountChange? Removed(long version, string table, Guid id) => table switch
    {
        "sites" => new AccountChange.SiteRemoved(version, id),
        "resources" => new AccountChange.ResourceRemoved(version, id),
        "groups" => new AccountChange.GroupRemoved(version, id),
        "policies" => new AccountChange.PolicyRemoved(version, id),
        "clients" => new AccountChange.ClientRemoved(version, id),
        "client_tokens" => new AccountChange.ClientTokenRemoved(version, id),
        "gateways" => new AccountChange.GatewayRemoved(version, id),
        "gateway_tokens" => new AccountChange.GatewayTokenRemoved(version, id),
        "policy_authorizations" => new AccountChange.AuthorizationRevoked(version, id),
        _ => null,
    };

    private static ResourceRow Resource(Guid id, JsonElement row) => new(
        id,
        row.GetProperty("type").GetString()!,
        row.GetProperty("name").GetString()!,
        row.GetProperty("address").GetString(),
        row.GetProperty("address_description").GetString(),
        row.GetProperty("ip_stack").GetString(),
        RowJson.Filters(row.GetProperty("filters")),
        row.GetProperty("site_id") is { ValueKind: JsonValueKind.String } site ? site.GetGuid() : null,
        row.GetProperty("revision").GetInt64());

    private static PolicyRow Policy(Guid id, JsonElement row) => new(
        id,
        row.GetProperty("group_id").GetGuid(),
        row.GetProperty("resource_id").GetGuid(),
        RowJson.Conditions(row.GetProperty("conditions")),
        row.GetProperty("revision").GetInt64());

    private static MembershipRow Membership(Guid id, JsonElement row) =>
        new(id, row.GetProperty("group_id").GetGuid(), row.GetProperty("actor_id").GetGuid());

    private static Guid Gateway(JsonDocument authorization) => authorization.RootElement.GetProperty("gateway_id").GetGuid();

    private static JsonDocument? Parse(string? json) => json is null ? null : JsonDocument.Parse(json);
}
