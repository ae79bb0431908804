namespace Firezone.Cli.References;

/// <summary>The kinds of things, and the JSON members that refer to them.</summary>
internal static class Things
{
    public static readonly Thing Account = new("account") { Lists = ["/v1/accounts"], Key = "slug", Marks = ["slug"] };
    public static readonly Thing Actor = new("actor") { Lists = ["/v1/actors"], Key = "email", Marks = ["type", "email"] };
    public static readonly Thing Group = new("group") { Lists = ["/v1/groups"], Marks = ["managed_by", "member_count", "created_at"] };
    public static readonly Thing Site = new("site") { Lists = ["/v1/sites"], Marks = ["managed_by"] };
    public static readonly Thing Gateway = new("gateway") { Lists = ["/v1/gateways"], Marks = ["external_id", "last_seen_at"] };
    public static readonly Thing Resource = new("resource") { Lists = ["/v1/resources"], Marks = ["type", "address"] };
    public static readonly Thing Client = new("client") { Lists = ["/v1/clients"], Marks = ["external_id", "last_seen_at"] };
    public static readonly Thing Device = new("device") { Lists = ["/v1/clients", "/v1/gateways"], Marks = ["external_id", "last_seen_at"] };
    public static readonly Thing AdminToken = new("admin token") { Lists = ["/v1/admin-tokens"], Marks = ["role", "created_at"] };
    public static readonly Thing OperatorToken = new("operator token") { Lists = ["/v1/operator-tokens"], Marks = ["created_at"] };
    public static readonly Thing Session = new("session");
    public static readonly Thing Node = new("node") { Free = true };
    public static readonly Thing Silo = new("silo") { Free = true };
    public static readonly Thing FrontEnd = new("front-end");
    public static readonly Thing Policy = new("policy");
    public static readonly Thing Authorization = new("authorization");
    public static readonly Thing Membership = new("membership");
    public static readonly Thing Token = new("token");

    private static readonly Dictionary<string, Thing> ByMember = new()
    {
        ["account_id"] = Account,
        ["actor_id"] = Actor,
        ["group_id"] = Group,
        ["site_id"] = Site,
        ["gateway_id"] = Gateway,
        ["resource_id"] = Resource,
        ["client_id"] = Client,
    };

    /// <summary>What a member of an answer refers to, when that has a name.</summary>
    public static Thing? OfMember(string member) => ByMember.GetValueOrDefault(member);
}
