using System.Text.Json;
using System.Text.Json.Nodes;

namespace Firezone.Grains.Tests.Model;

/// <summary>
/// What sessions should hold, computed from the rows the plain way: look at everything, keep nothing. Written from the protocol's
/// description and sharing no code with the product.
/// </summary>
internal sealed class Reference(AccountRows rows, DateTimeOffset now)
{
    /// <summary>A client's session, as far as access depends on it.</summary>
    internal sealed record Viewer(Guid ClientId, Guid TokenId, string RemoteIp, string Version);

    public AccountRows Rows { get; } = rows;

    /// <summary>Whether client and token exist: without either there is no session.</summary>
    public bool Exists(Viewer viewer) =>
        Rows.Clients.Any(c => c.Id == viewer.ClientId) && Rows.ClientTokens.Any(t => t.Id == viewer.TokenId);

    /// <summary>Everything that the client may connect to, as it is told.</summary>
    public Dictionary<Guid, JsonObject> Connectable(Viewer viewer) =>
        Rows.Resources
            .Where(resource => resource.SiteId is not null && Granting(viewer, resource.Id).Any())
            .Select(resource => Adapted(resource, viewer.Version))
            .OfType<AccountRows.Resource>()
            .ToDictionary(resource => resource.Id, ForClient);

    /// <summary>The policies that grant the resource to the client now, and until when.</summary>
    public IEnumerable<(AccountRows.Policy Policy, DateTimeOffset Until)> Granting(Viewer viewer, Guid resourceId)
    {
        var client = Rows.Clients.Single(c => c.Id == viewer.ClientId);
        var token = Rows.ClientTokens.Single(t => t.Id == viewer.TokenId);
        return Granting(client.ActorId, Subject(client, token, viewer.RemoteIp), resourceId);
    }

    /// <summary>When an authorization that is granted now ends.</summary>
    public long Expiry(Viewer viewer, Guid resourceId)
    {
        var until = Granting(viewer, resourceId).Max(grant => grant.Until).ToUnixTimeSeconds();
        return Math.Min(until, (long)Math.Floor(Rows.ClientTokens.Single(t => t.Id == viewer.TokenId).ExpiresAt));
    }

    /// <summary>Null if the configuration grants what the row grants, otherwise why not.</summary>
    public string? Objection(AccountRows.Authorization row)
    {
        var client = Rows.Clients.Single(c => c.Id == row.ClientId);
        var token = Rows.ClientTokens.Single(t => t.Id == row.TokenId);
        var gateway = Rows.Gateways.Single(g => g.Id == row.GatewayId);
        var policy = Rows.Policies.Single(p => p.Id == row.PolicyId);
        if (token.ActorId != client.ActorId)
            return "the token is another actor's";
        if (policy.ResourceId != row.ResourceId)
            return "the policy is for another resource";
        if (Rows.Resources.Single(r => r.Id == row.ResourceId).SiteId != gateway.SiteId)
            return "the resource is in another site";
        var grant = Granting(client.ActorId, Subject(client, token, row.ClientRemoteIp), row.ResourceId).Where(g => g.Policy == policy).ToList();
        if (grant.Count == 0)
            return "the policy does not grant it";
        var group = Rows.Groups.Single(g => g.Id == policy.GroupId);
        var membership = Rows.Memberships.SingleOrDefault(m => m.GroupId == group.Id && m.ActorId == client.ActorId);
        if (group.IsEveryone ? row.MembershipId is not null : row.MembershipId != membership?.Id)
            return "the membership is another";
        return row.ExpiresAt > Math.Min(grant[0].Until.ToUnixTimeMilliseconds() / 1000.0, token.ExpiresAt) + 0.001 ? "it lasts too long" : null;
    }

    /// <summary>The interface that clients are told.</summary>
    public JsonObject Interface(string ipv4, string ipv6)
    {
        var dns = Rows.Config.TryGetProperty("dns", out var d) ? d : default;
        var type = dns.ValueKind is JsonValueKind.Object ? dns.GetProperty("type").GetString() : "system";
        string[] addresses = type == "custom" ? [.. dns.GetProperty("addresses").EnumerateArray().Select(a => a.GetString()!)] : [];
        string[] urls = type == "secure" ? [Url(dns.GetProperty("doh_provider").GetString()!)] : [];
        var searchDomain = Rows.Config.TryGetProperty("search_domain", out var domain) ? domain.GetString() : null;
        return new JsonObject
        {
            ["ipv4"] = ipv4,
            ["ipv6"] = ipv6,
            ["search_domain"] = searchDomain,
            ["upstream_do53"] = new JsonArray([.. addresses.Select(a => new JsonObject { ["ip"] = a })]),
            ["upstream_doh"] = new JsonArray([.. urls.Select(url => new JsonObject { ["url"] = url })]),
            ["upstream_dns"] = new JsonArray([.. addresses.Select(a => new JsonObject
            {
                ["protocol"] = "ip_port",
                ["address"] = a.Contains(':', StringComparison.Ordinal) ? $"[{a}]:53" : $"{a}:53",
            })]),
        };
    }

    /// <summary>Whether a gateway of this version can serve the resource to the client.</summary>
    public bool IsCompatible(Viewer viewer, Guid resourceId, string gatewayVersion)
    {
        var (client, gateway) = (System.Version.Parse(viewer.Version), System.Version.Parse(gatewayVersion));
        return Adapted(Rows.Resources.Single(r => r.Id == resourceId), gatewayVersion) is not null
            && gateway >= new Version(client.Major, client.Minor - 1, 0)
            && gateway < new Version(client.Major, client.Minor + 2, 0);
    }

    /// <summary>What a gateway does for the resource: where it leads and what may pass.</summary>
    public (string? Address, string Filters) Served(Guid resourceId)
    {
        var resource = Rows.Resources.Single(r => r.Id == resourceId);
        return resource.Type == "internet" ? (null, "[]") : (WireAddress(resource), Filters(resource).ToJsonString());
    }

    /// <summary>Where connects with this address come from.</summary>
    public static string? RegionOf(string ip) => ip switch
    {
        ['2', '0', '3', ..] => "DE",
        ['1', '9', '8', ..] => "US",
        _ => null,
    };

    private static ReferenceConditions.Subject Subject(AccountRows.Client client, AccountRows.ClientToken token, string ip) =>
        new(RegionOf(ip), ip, token.AuthProviderId, client.Verified);

    private IEnumerable<(AccountRows.Policy Policy, DateTimeOffset Until)> Granting(
        Guid actorId, ReferenceConditions.Subject subject, Guid resourceId) =>
        from policy in Rows.Policies
        where policy.ResourceId == resourceId && !policy.Disabled && IsMember(actorId, policy.GroupId)
        let until = ReferenceConditions.Until(policy.Conditions, subject, now)
        where until is not null
        select (policy, until.Value);

    private bool IsMember(Guid actorId, Guid groupId) =>
        Rows.Memberships.Any(m => m.GroupId == groupId && m.ActorId == actorId)
        || (Rows.Groups.Single(g => g.Id == groupId).IsEveryone && Rows.Actors.Single(a => a.Id == actorId).Type != "service_account");

    private static AccountRows.Resource? Adapted(AccountRows.Resource resource, string version)
    {
        var v = System.Version.Parse(version);
        if (resource.Type == "internet")
            return v < new Version(1, 3, 0) ? null : resource;
        if (resource.Type != "dns" || v >= new Version(1, 2, 0))
            return resource;
        var address = resource.Address!;
        if (address.StartsWith("**", StringComparison.Ordinal))
            address = "*" + address[2..];
        else if (address.StartsWith('*'))
            address = "?" + address[1..];
        return address[1..].IndexOfAny(['*', '?']) >= 0 || (address[0] == '?' && resource.Address![0] == '?')
            ? null
            : resource with { Address = address };
    }

    private JsonObject ForClient(AccountRows.Resource resource)
    {
        var site = Rows.Sites.Single(s => s.Id == resource.SiteId);
        var sites = new JsonArray(new JsonObject { ["id"] = site.Id.ToString(), ["name"] = site.Name });
        if (resource.Type == "internet")
            return new JsonObject { ["id"] = resource.Id.ToString(), ["type"] = "internet", ["can_be_disabled"] = true, ["gateway_groups"] = sites };
        var told = new JsonObject
        {
            ["id"] = resource.Id.ToString(),
            ["type"] = resource.Type == "ip" ? "cidr" : resource.Type,
            ["name"] = resource.Name,
            ["address"] = WireAddress(resource),
            ["address_description"] = resource.AddressDescription,
            ["gateway_groups"] = sites,
            ["filters"] = Filters(resource),
        };
        if (resource.IpStack is { } stack)
            told["ip_stack"] = stack;
        return told;
    }

    private static string WireAddress(AccountRows.Resource resource) => resource.Type == "ip"
        ? resource.Address + (resource.Address!.Contains(':', StringComparison.Ordinal) ? "/128" : "/32")
        : resource.Address!;

    private static JsonArray Filters(AccountRows.Resource resource)
    {
        var filters = new JsonArray();
        foreach (var filter in resource.Filters)
        {
            if (filter.Ports is null or [])
                filters.Add(new JsonObject { ["protocol"] = filter.Protocol });
            foreach (var ports in filter.Ports ?? [])
            {
                var ends = ports.Split('-');
                filters.Add(new JsonObject
                {
                    ["protocol"] = filter.Protocol,
                    ["port_range_start"] = int.Parse(ends[0].Trim(), System.Globalization.CultureInfo.InvariantCulture),
                    ["port_range_end"] = int.Parse(ends[^1].Trim(), System.Globalization.CultureInfo.InvariantCulture),
                });
            }
        }

        return filters;
    }

    private static string Url(string provider) => provider switch
    {
        "google" => "https://dns.google/dns-query",
        "quad9" => "https://dns.quad9.net/dns-query",
        _ => throw new ArgumentException(provider),
    };
}
