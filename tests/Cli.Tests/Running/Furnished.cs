namespace Firezone.Cli.Tests.Running;

/// <summary>A portal with one thing of each kind, whose ids have short names.</summary>
internal static class Furnished
{
    public static async Task<(Portal Portal, Dictionary<string, string> Ids)> StartAsync()
    {
        var portal = await Portal.StartAsync();
        Dictionary<string, string> ids = [];
        ids["ada"] = portal.Add("actors", """{"type":"account_user","name":"Ada","email":"ada@example.com","disabled_at":null}""");
        ids["builder"] = portal.Add("actors", """{"type":"service_account","name":"Builder","email":null,"disabled_at":null}""");
        ids["engineers"] = portal.Add(
            "groups",
            $$"""{"name":"Engineers","managed_by":"account","everyone":false,"member_count":1,"_actor_id":"{{ids["ada"]}}"}""");
        portal.Add(
            "members",
            $$"""{"actor_id":"{{ids["ada"]}}","name":"Ada","type":"account_user","email":null,"_group_id":"{{ids["engineers"]}}"}""");
        ids["frankfurt"] = portal.Add("sites", """{"name":"Frankfurt","managed_by":"account"}""");
        ids["gateway"] = portal.Add("gateways", $$"""{"name":"gw-1","site_id":"{{ids["frankfurt"]}}","online":true,"last_seen_version":"1.5.0"}""");
        ids["wiki"] = portal.Add(
            "resources",
            $$"""
            {"name":"Wiki","type":"dns","address":"wiki.example.com","ip_stack":"dual","site_id":"{{ids["frankfurt"]}}",
             "filters":[{"protocol":"tcp","ports":["443","100 - 200"]}]}
            """);
        ids["policy"] = portal.Add(
            "policies",
            $$"""
            {"group_id":"{{ids["engineers"]}}","resource_id":"{{ids["wiki"]}}","description":null,"disabled_at":null,
             "conditions":[{"property":"remote_ip","operator":"is_in_cidr","values":["10.0.0.0/8"]}]}
            """);
        ids["laptop"] = portal.Add("clients", $$"""{"name":"laptop","actor_id":"{{ids["ada"]}}","online":true,"verified_at":null}""");
        ids["gateway-token"] = portal.Add("gateway-tokens", $$"""{"site_id":"{{ids["frankfurt"]}}"}""");
        ids["client-token"] = portal.Add("client-tokens", $$"""{"actor_id":"{{ids["builder"]}}","expires_at":"2027-01-01T00:00:00Z"}""");
        ids["admin-token"] = portal.Add("admin-tokens", $$"""{"name":"ci","actor_id":"{{ids["builder"]}}","role":"admin"}""");
        ids["relay-token"] = portal.Add("relay-tokens", "{}");
        ids["operator-token"] = portal.Add("operator-tokens", """{"name":"ops"}""");
        ids["flow"] = portal.Add(
            "policy-authorizations",
            $$"""
            {"client_id":"{{ids["laptop"]}}","gateway_id":"{{ids["gateway"]}}","resource_id":"{{ids["wiki"]}}","policy_id":"{{ids["policy"]}}",
             "client_remote_ip":"198.51.100.7","expires_at":"2026-01-02T00:00:00Z"}
            """);
        ids["session"] = portal.Add(
            "sessions",
            $$"""
            {"kind":"client","device_id":"{{ids["laptop"]}}","device_name":"laptop","region":"eu",
             "opened_at":"2026-01-01T00:00:00Z","ended_at":null}
            """);
        portal.Add(
            "audit-log",
            """
            {"id":"7","at":"2026-01-01T00:00:00Z","token_name":"ci","action":"site.update","target_type":"site","target_id":"s",
             "before":{"name":"A"},"after":{"name":"B"}}
            """);
        ids["acme"] = portal.Add("accounts", """{"name":"Acme","slug":"acme","disabled_at":null}""");
        return (portal, ids);
    }

    /// <summary>Puts the ids in the place of their names in angle brackets.</summary>
    public static string Fill(string text, Dictionary<string, string> ids)
    {
        foreach (var (name, id) in ids)
            text = text.Replace($"<{name}>", id);
        return text;
    }
}
