using System.Text.Json;

namespace Firezone.Grains.Tests.Model;

/// <summary>Statements that an administrator may run, one by one or many in a transaction.</summary>
internal sealed class Changes(SeededRandom random, ModelAccount account, AccountRows? rows)
{
    private AccountRows Rows => rows!;

    private string Account => $"'{account.Id}'";

    /// <summary>What an account consists of.</summary>
    public string Foundation() => string.Join('\n',
        $"insert into accounts (id, slug, name) values ({Account}, 'm{account.Id:N}', 'Model');",
        $"insert into groups (id, account_id, name, managed_by, is_everyone) values ('{random.Guid()}', {Account}, 'Everyone', 'system', true);",
        Actor("account_user"), Actor("account_admin_user"), Actor("service_account"),
        Group(), Group(), Group(),
        Site(), Site());

    /// <summary>What may be reached in it.</summary>
    public string Resources() => string.Join('\n', Enumerable.Range(0, 6).Select(_ => Resource(random.Guid())));

    /// <summary>Who may reach it.</summary>
    public string Grants() => string.Join('\n', [
        .. Enumerable.Range(0, 8).Select(_ => PutPolicy()),
        .. Enumerable.Range(0, 5).Select(_ => AddMember())]);

    /// <summary>A statement that concerns something that is there, with what it is called in the list of steps.</summary>
    public string Next()
    {
        while (true)
        {
            var statement = random.Next(100) switch
            {
                < 34 => OfPolicies(),
                < 48 => OfMemberships(),
                < 68 => OfResources(),
                < 75 => OfSites(),
                < 80 => OfAccount(),
                < 88 => OfClients(),
                < 95 => OfTokensAndActors(),
                < 98 => OfAuthorizations(),
                _ => OfGroups(),
            };
            if (statement is not null)
                return statement;
        }
    }

    /// <summary>A statement over everything of a kind.</summary>
    public string NextOverAll() => random.Next(9) switch
    {
        0 => $"""
            insert into memberships (id, account_id, group_id, actor_id)
            select md5(g.id::text || a.id || '{random.Guid()}')::uuid, g.account_id, g.id, a.id from groups g, actors a
            where g.account_id = {Account} and not g.is_everyone and a.account_id = g.account_id
            on conflict do nothing;
            """,
        1 => $"delete from memberships where account_id = {Account};",
        2 => $"update policies set disabled_at = now() where account_id = {Account} and id > '{random.Guid()}';",
        3 => $"update policies set disabled_at = null where account_id = {Account};",
        4 => $"update resources set filters = '{Filters()}' where account_id = {Account};",
        5 => $"update resources set site_id = {Optional(SiteId(), 8)} where account_id = {Account} and id > '{random.Guid()}';",
        6 => $"update clients set verified_at = {random.Of("null", "now()")} where account_id = {Account};",
        7 => $"update policies set conditions = '{Conditions()}' where account_id = {Account} and id > '{random.Guid()}';",
        _ => $"delete from policies where account_id = {Account} and id > '{random.Guid()}';",
    };

    /// <summary>A statement that changes one policy; null if there is none.</summary>
    public (Guid PolicyId, string Sql)? NextOfOnePolicy() => random.OfAny(Rows.Policies) is not { } policy ? null : random.Next(3) switch
    {
        0 => (policy.Id, $"update policies set conditions = '{Conditions()}' where id = '{policy.Id}';"),
        1 => (policy.Id, $"delete from policies where id = '{policy.Id}';"),
        _ => (policy.Id, $"update policies set group_id = '{random.Of(Rows.Groups).Id}' where id = '{policy.Id}';"),
    };

    private string? OfPolicies() => random.OfAny(Rows.Policies) is not { } policy ? PutPolicy() : random.Next(12) switch
    {
        < 4 => PutPolicy(),
        4 => $"delete from policies where id = '{policy.Id}';",
        5 => $"update policies set group_id = '{random.Of(Rows.Groups).Id}' where id = '{policy.Id}';",
        6 => random.OfAny(Rows.Resources) is { } resource ? $"update policies set resource_id = '{resource.Id}' where id = '{policy.Id}';" : null,
        7 or 8 => $"update policies set conditions = '{Conditions()}' where id = '{policy.Id}';",
        9 => $"update policies set disabled_at = {(policy.Disabled ? "null" : "now()")} where id = '{policy.Id}';",
        10 => $"update policies set description = '{random.Next(100)}', conditions = conditions where id = '{policy.Id}';",
        _ => $"""
            delete from policies where id = '{policy.Id}';
            insert into policies (id, account_id, group_id, resource_id, conditions)
            values ('{random.Guid()}', {Account}, '{policy.GroupId}', '{policy.ResourceId}', '{Conditions()}');
            """,
    };

    private string? OfMemberships() => random.OfAny(Rows.Memberships) is not { } membership ? AddMember() : random.Next(8) switch
    {
        < 4 => AddMember(),
        < 7 => $"delete from memberships where id = '{membership.Id}';",
        _ => random.OfAny([.. Rows.Groups.Where(g => !g.IsEveryone)]) is { } group
            ? $"update memberships set group_id = '{group.Id}' where id = '{membership.Id}';"
            : null,
    };

    private string? OfGroups() => random.OfAny([.. Rows.Groups.Where(g => !g.IsEveryone)]) is { } group && !random.OneIn(2)
        ? random.Of($"delete from groups where id = '{group.Id}';", $"update groups set name = 'Group {random.Next(1000)}' where id = '{group.Id}';")
        : Group();

    private string? OfResources()
    {
        if (random.OfAny(Rows.Resources) is not { } resource || random.OneIn(5))
        {
            var id = random.Guid();
            return $"{Resource(id)}\n{PutPolicy(id)}";
        }

        var set = random.Next(11) switch
        {
            0 => $"name = 'Resource {random.Next(1000)}'",
            1 => $"address_description = {random.Of("null", $"'http://{random.Next(100)}'")}",
            2 or 3 when resource.Type != "internet" => $"address = '{Address(resource.Type)}'",
            4 when resource.Type != "internet" => Typed(random.Of("cidr", "ip", "dns")),
            5 when resource.Type == "dns" => $"ip_stack = '{random.Of("dual", "ipv4_only", "ipv6_only")}'",
            6 => $"site_id = {Optional(SiteId(), 5)}",
            7 or 8 => $"filters = '{Filters()}'",
            9 => "name = name, created_at = now()",
            _ => null,
        };
        return set is null ? random.OneIn(3) ? $"delete from resources where id = '{resource.Id}';" : null
            : $"update resources set {set} where id = '{resource.Id}' and type = '{resource.Type}';";
    }

    private string? OfSites() => random.OfAny(Rows.Sites) is not { } site ? Site() : random.Next(6) switch
    {
        < 3 => $"update sites set name = 'Site {random.Guid().ToString()[..6]}' where id = '{site.Id}';",
        3 => $"delete from sites where id = '{site.Id}';",
        4 => $"update sites set name = name where id = '{site.Id}';",
        _ => Site(),
    };

    private string OfAccount() => random.Next(5) switch
    {
        0 => $"update accounts set slug = 'm{random.Guid():N}' where id = {Account};",
        1 => $"update accounts set name = 'Model {random.Next(100)}' where id = {Account};",
        _ => $"update accounts set config = '{Config()}' where id = {Account};",
    };

    private string? OfClients() => random.OfAny(Rows.Clients) is not { } client ? null : random.Next(6) switch
    {
        0 => $"delete from clients where id = '{client.Id}';",
        1 or 2 => $"update clients set verified_at = null where id = '{client.Id}';",
        3 => $"update clients set name = 'Client {random.Next(100)}' where id = '{client.Id}';",
        _ => $"update clients set verified_at = now() where id = '{client.Id}';",
    };

    private string? OfTokensAndActors() => random.Next(10) switch
    {
        < 3 => $"delete from client_tokens where id = '{random.Of(account.Clients).Token.Id}';",
        3 => $"delete from gateway_tokens where id = '{random.Of(account.Gateways).Token.Id}';",
        4 => random.OfAny(Rows.Gateways) is { } gateway ? $"delete from gateways where id = '{gateway.Id}';" : null,
        5 => random.OfAny(Rows.Actors) is { } actor ? $"update actors set disabled_at = now() where id = '{actor.Id}';" : null,
        6 => random.OfAny(Rows.Actors) is { } actor ? $"delete from actors where id = '{actor.Id}';" : null,
        7 => $"update actors set disabled_at = null where account_id = {Account};",
        _ => Actor(random.Of("account_user", "service_account")),
    };

    private string? OfAuthorizations() => random.OfAny(Rows.Authorizations) is not { } row ? null : random.Of(
        $"delete from policy_authorizations where client_id = '{row.ClientId}' and resource_id = '{row.ResourceId}';",
        $"delete from policy_authorizations where id = '{row.Id}';",
        $"delete from policy_authorizations where gateway_id = '{row.GatewayId}';");

    private string PutPolicy(Guid? resourceId = null) =>
        (resourceId ?? random.OfAny(Rows.Resources)?.Id) is not { } resource ? Resource(random.Guid()) : $"""
        insert into policies (id, account_id, group_id, resource_id, conditions)
        values ('{random.Guid()}', {Account}, '{random.Of(Rows.Groups).Id}', '{resource}', '{Conditions()}') on conflict do nothing;
        """;

    private string AddMember() =>
        random.OfAny([.. Rows.Groups.Where(g => !g.IsEveryone)]) is not { } group ? Group()
        : random.OfAny(Rows.Actors) is not { } actor ? Actor("account_user")
        : $"""
            insert into memberships (id, account_id, group_id, actor_id)
            values ('{random.Guid()}', {Account}, '{group.Id}', '{actor.Id}') on conflict do nothing;
            """;

    private string Actor(string type) =>
        $"insert into actors (id, account_id, type, name) values ('{random.Guid()}', {Account}, '{type}', 'Actor {random.Next(1000)}');";

    private string Group() =>
        $"insert into groups (id, account_id, name) values ('{random.Guid()}', {Account}, 'Group {random.Next(1000)}');";

    private string Site()
    {
        var id = random.Guid();
        return $"insert into sites (id, account_id, name) values ('{id}', {Account}, 'Site {id.ToString()[..6]}');";
    }

    private string Resource(Guid id)
    {
        var type = random.Of("cidr", "cidr", "ip", "dns", "dns", "internet");
        var address = type == "internet" ? "null" : $"'{Address(type)}'";
        return $"""
            insert into resources (id, account_id, site_id, type, name, address, ip_stack, filters)
            values ('{id}', {Account}, {Optional(SiteId(), 8)}, '{type}', 'Resource {random.Next(1000)}', {address},
                {(type == "dns" ? "'dual'" : "null")}, '{Filters()}')
            on conflict do nothing;
            """;
    }

    private string Typed(string type) => $"type = '{type}', address = '{Address(type)}', ip_stack = {(type == "dns" ? "'dual'" : "null")}";

    private string SiteId() => random.OfAny(Rows.Sites) is { } site ? $"'{site.Id}'" : "null";

    private string Optional(string id, int oneIn) => random.OneIn(oneIn) ? "null" : id;

    private string Address(string type) => type switch
    {
        "cidr" => $"10.{random.Next(250)}.0.0/16",
        "ip" => random.Of($"10.0.0.{random.Next(250)}", $"2001:db8::{random.Next(9) + 1}"),
        _ => random.Of("**", "*", "?", "app", "*.db") + $".h{random.Next(100)}.example.com",
    };

    private string Filters() => random.Of(
        "[]",
        $$"""[{"protocol": "tcp", "ports": ["{{random.Next(1000)}}"]}]""",
        $$"""[{"protocol": "udp", "ports": ["{{random.Next(100)}} - {{100 + random.Next(100)}}", "500-600"]}, {"protocol": "icmp", "ports": []}]""");

    private string Config() => random.Next(3) switch
    {
        0 => Config("null", "custom", $"""["1.1.1.{random.Next(9) + 1}", "2606:4700::1111"]""", "null"),
        1 => Config($"\"d{random.Next(10)}.example.com\"", "system", "[]", "null"),
        _ => Config("null", "secure", """["9.9.9.9"]""", random.Of("\"google\"", "\"quad9\"")),
    };

    private static string Config(string searchDomain, string type, string addresses, string provider) =>
        $$$"""{"search_domain": {{{searchDomain}}}, "dns": {"type": "{{{type}}}", "addresses": {{{addresses}}}, "doh_provider": {{{provider}}}}}""";

    private string Conditions()
    {
        AccountRows.Condition[] conditions = random.Next(10) switch
        {
            < 4 => [],
            < 8 => [Condition()],
            _ => [Condition(), Condition()],
        };
        return JsonSerializer.Serialize(conditions.Select(c => new { property = c.Property, @operator = c.Operator, values = c.Values }));
    }

    private AccountRows.Condition Condition() => random.Next(6) switch
    {
        0 => new("remote_ip_location_region", random.Of("is_in", "is_not_in"), random.Of<string[]>(["DE"], ["US"], ["DE", "US"])),
        1 => new(
            "remote_ip",
            random.Of("is_in_cidr", "is_not_in_cidr"),
            random.Of<string[]>(["203.0.113.0/24"], ["198.51.100.9"], ["2001:db8::/32", "192.0.2.0/24"])),
        2 => new("auth_provider_id", random.Of("is_in", "is_not_in"), [random.Of(ModelAccount.Providers).ToString()]),
        3 => new("client_verified", "is", [random.Of("true", "true", "false")]),
        4 => new("current_utc_datetime", "is_in_day_of_week_time_ranges", [account.TimeWindow(isOpen: false)]),
        _ => new("current_utc_datetime", "is_in_day_of_week_time_ranges", [account.TimeWindow(isOpen: true)]),
    };
}
