using System.Text.Json.Nodes;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Commands;

public sealed class ExplainTests
{
    private const string Denied =
        """
        {"client_id":"c","resource_id":"r","at":"2026-01-01T00:00:00Z","access":"denied","reason":"forbidden",
         "detail":"Policies apply, but none conforms.",
         "expires_at":null,"policy_id":null,"violated_properties":["remote_ip"],
         "subject":{"source":"last_seen","actor_id":"a","actor_name":"Ada","actor_type":"account_user","region":"DE","remote_ip":"198.51.100.7",
           "auth_provider_id":null,"verified":false,"version":"1.5.8","token_expires_at":null},
         "policies":[
          {"policy_id":"p1","group_id":"g","group_name":"Engineers","member":true,"membership_id":"m","disabled":false,
           "in_effect":true,"conforms":false,
           "expires_at":null,"chosen":false,"conditions":[
            {"property":"remote_ip","operator":"is_in_cidr","values":["10.0.0.0/8"],"passes":false,"expires_at":null},
            {"property":"current_utc_datetime","operator":"is_in_day_of_week_time_ranges","values":["M/true/UTC"],"passes":true,
             "expires_at":"2026-01-02T00:00:00Z"}]},
          {"policy_id":"p2","group_id":"h","group_name":"Sales","member":false,"membership_id":null,"disabled":true,"in_effect":false,"conforms":true,
           "expires_at":null,"chosen":false,"conditions":[]}],
         "gateway":null,"account_version":17,"snapshot_version":16}
        """;

    private const string Granted =
        """
        {"access":"granted","reason":"granted","detail":"Policy p1 grants access.","expires_at":"2026-01-02T00:00:00Z","violated_properties":[],
         "subject":{"source":"live_session","actor_name":"Ada","actor_type":"account_user"},
         "policies":[{"policy_id":"p1","group_name":"Engineers","member":true,"disabled":false,"in_effect":true,"conforms":true,"chosen":true,
           "expires_at":"2026-01-02T00:00:00Z","conditions":[]}],
         "gateway":{"site_id":"s","site_name":"Frankfurt","gateway_id":"g","name":"gw-1","version":"1.5.0","remote_ip":"192.0.2.1","failure":null},
         "account_version":17,"snapshot_version":17}
        """;

    [Fact]
    public async Task A_denial_is_explained_policy_by_policy_and_condition_by_condition()
    {
        var outcome = await ExplainAsync(Denied);

        Assert.StartsWith("DENIED: forbidden\n", outcome.Out);
        Assert.Contains("violated: remote_ip\n", outcome.Out);
        Assert.Contains("client of Ada (account_user), not connected", outcome.Out);
        Assert.Contains("- Engineers (p1): member, conditions not met", outcome.Out);
        Assert.Contains("- ip in 10.0.0.0/8", outcome.Out);
        Assert.Contains("+ time in Mon all-day UTC, until 2026-01-02 00:00:00Z", outcome.Out);
        Assert.Contains("- Sales (p2): not a member, disabled", outcome.Out);
        Assert.Contains("a change is under way", outcome.Error);
    }

    [Fact]
    public async Task A_grant_names_the_policy_and_the_gateway()
    {
        var outcome = await ExplainAsync(Granted);

        Assert.StartsWith("GRANTED\n", outcome.Out);
        Assert.Contains("until 2026-01-02 00:00:00Z", outcome.Out);
        Assert.Contains("client of Ada (account_user), connected", outcome.Out);
        Assert.Contains("+ Engineers (p1): member, chosen", outcome.Out);
        Assert.Contains("gateway gw-1 (g) of site Frankfurt, version 1.5.0, at 192.0.2.1", outcome.Out);
        Assert.Equal("", outcome.Error);
    }

    [Fact]
    public async Task A_grant_without_a_gateway_says_why()
    {
        var answer = JsonNode.Parse(Granted)!;
        answer["access"] = "denied";
        answer["reason"] = "offline";
        answer["gateway"] = JsonNode.Parse("""{"site_id":"s","site_name":"Frankfurt","gateway_id":null,"failure":"offline"}""");
        var outcome = await ExplainAsync(answer.ToJsonString());
        Assert.StartsWith("DENIED: offline\n", outcome.Out);
        Assert.Contains("no gateway of site Frankfurt: offline", outcome.Out);
    }

    [Fact]
    public async Task The_status_shows_the_cluster()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Store.Status = JsonNode.Parse(
            """
            {"version":"0.1.0","time":"2026-01-01T00:00:00Z",
             "silos":[{"name":"Silo_1","address":null,"region":"gcp/us-east1","zone":null,"status":"active","started_at":"2025-12-31T00:00:00Z"}],
             "front_ends":[],
             "sessions":[{"kind":"client","region":"gcp/us-east1","count":100},{"kind":"gateway","region":"gcp/us-east1","count":20}]}
            """)!.AsObject();

        var shown = (await portal.RunAsync("status")).Good().Out;

        Assert.StartsWith("version 0.1.0, 2026-01-01 00:00:00Z\n", shown);
        Assert.Matches(@"Silo_1 +- +gcp/us-east1 +- +active +2025-12-31 00:00:00Z", shown);
        Assert.Contains("front-ends: 0\n", shown);
        Assert.Matches(@"gateway +gcp/us-east1 +20", shown);
    }

    private static async Task<Outcome> ExplainAsync(string answer)
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        portal.World.Store.Explanation = JsonNode.Parse(answer)!.AsObject();
        return (await portal.RunAsync("explain laptop Wiki")).Good();
    }
}
