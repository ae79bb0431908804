using System.Text.Json.Nodes;
using Firezone.Cli.Tests.Running;

namespace Firezone.Cli.Tests.Api;

public sealed class ListTests
{
    [Fact]
    public async Task A_list_is_followed_to_its_end()
    {
        using var portal = await PortalWithSitesAsync(250);
        Assert.Equal(250, ((JsonArray)await portal.JsonAsync("sites list")).Count);
        Assert.Equal(["limit=100", "limit=100&cursor=100", "limit=100&cursor=200"], portal.World.Calls.Select(call => call.Query));
    }

    [Fact]
    public async Task A_limit_ends_a_list_and_asks_for_no_more_than_needed()
    {
        using var portal = await PortalWithSitesAsync(250);
        Assert.Equal(120, ((JsonArray)await portal.JsonAsync("sites list --limit 120")).Count);
        Assert.Equal(["limit=100", "limit=20&cursor=100"], portal.World.Calls.Select(call => call.Query));
    }

    [Fact]
    public async Task A_filter_goes_with_every_page()
    {
        using var portal = await PortalWithSitesAsync(150);
        (await portal.RunAsync("sites list --name site")).Good();
        Assert.All(portal.World.Calls, call => Assert.StartsWith("name=site", call.Query));
        Assert.Equal(2, portal.World.Calls.Count);
    }

    [Fact]
    public async Task A_table_has_one_line_for_each_thing_and_names_instead_of_ids()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;

        var lines = (await portal.RunAsync("policies list")).Good().Out.TrimEnd().Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.Equal(["ID", "GROUP", "RESOURCE", "CONDITIONS", "DISABLED", "DESCRIPTION"], Words(lines[0]));
        Assert.Equal([ids["policy"], "Engineers", "Wiki", "ip in 10.0.0.0/8", "-", "-"], Words(lines[1]));
    }

    [Fact]
    public async Task Names_are_looked_up_many_at_a_time()
    {
        using var portal = await Portal.StartAsync();
        for (var i = 0; i < 150; i++)
            portal.Add("gateways", $$"""{"name":"g","site_id":"{{portal.Add("sites", $$"""{"name":"site {{i}}"}""")}}","online":false}""");

        Assert.Contains("site 149", (await portal.RunAsync("gateways list")).Good().Out);

        Assert.Equal(2 + 2, portal.World.Calls.Count);
    }

    [Fact]
    public async Task An_object_shows_all_that_it_has()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        var shown = (await portal.RunAsync("resources show wiki")).Good().Out;
        Assert.Contains("wiki.example.com", shown);
        Assert.Contains("tcp:443,100-200", shown);
        Assert.Contains($"Frankfurt ({ids["frankfurt"]})", shown);
    }

    [Fact]
    public async Task Nested_members_are_shown_with_their_path() =>
        Assert.Matches(@"config\.dns\.addresses +192\.0\.2\.53", await AccountAsync());

    [Fact]
    public async Task The_audit_log_tells_what_changed()
    {
        var (portal, _) = await Furnished.StartAsync();
        using var __ = portal;
        Assert.Contains("name: A → B", (await portal.RunAsync("audit-log")).Good().Out);
    }

    [Fact]
    public async Task The_audit_log_tells_who_came_into_a_group_and_who_went()
    {
        using var portal = await Portal.StartAsync();
        portal.Add("audit-log", """{"action":"group.members","before":{"removed":["ada"]},"after":{"added":[]}}""");
        portal.Add("audit-log", """{"action":"group.members","before":{"removed":[]},"after":{"added":["bob"]}}""");
        var shown = (await portal.RunAsync("audit-log")).Good().Out;
        Assert.Contains(" removed: ada → -  ", shown);
        Assert.Contains(" added: - → bob  ", shown);
    }

    [Fact]
    public async Task Members_are_shown_with_their_ids()
    {
        var (portal, ids) = await Furnished.StartAsync();
        using var _ = portal;
        var lines = (await portal.RunAsync("members list Engineers")).Good().Out.TrimEnd().Split('\n');
        Assert.Equal(["ID", "NAME", "TYPE", "EMAIL", "CREATED"], Words(lines[0]));
        Assert.Equal(ids["ada"], Words(lines[1]).First());
    }

    [Fact]
    public async Task A_server_that_gives_the_same_page_for_ever_is_left()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Intercept = async (context, _) =>
        {
            await context.Response.Body.WriteAsync("""{"data":[{"id":"1"}],"next_cursor":"x"}"""u8.ToArray());
            return true;
        };
        Assert.Contains("again and again", (await portal.RunAsync("sites list")).Bad(ExitCode.Unreachable).Error);
    }

    [Fact]
    public async Task Text_of_devices_cannot_steer_the_terminal()
    {
        using var portal = await Portal.StartAsync();
        portal.Add("sites", """{"name":"a\u001b[2Jb\nc\u202ed"}""");
        foreach (var line in new[] { "sites list", $"sites show {(string)(await portal.JsonAsync("sites list"))[0]!["id"]!}" })
            Assert.Contains("a\uFFFD[2Jb\uFFFDc\uFFFDd", (await portal.RunAsync(line)).Good().Out);
    }

    private static async Task<string> AccountAsync()
    {
        using var portal = await Portal.StartAsync();
        return (await portal.RunAsync("account show")).Good().Out;
    }

    private static async Task<Portal> PortalWithSitesAsync(int count)
    {
        var portal = await Portal.StartAsync();
        for (var i = 0; i < count; i++)
            portal.Add("sites", $$"""{"name":"site {{i}}","managed_by":"account"}""");
        return portal;
    }

    private static IEnumerable<string> Words(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
