using System.Text.Json.Nodes;
using Firezone.EndToEnd.Peers;
using Firezone.Shared.Peers;

namespace Firezone.EndToEnd.Scenes;

/// <summary>A joined gateway. Unless told otherwise it acknowledges every flow at once, as gateways do.</summary>
internal sealed class SceneGateway(Scene scene, V1Peer socket, Connect connect, Guid id, JsonNode init, bool answers)
    : ScenePeer(scene, socket, connect, id, init)
{
    /// <summary>What <c>init</c> lists as authorized, as labels of client and resource.</summary>
    public string[] Authorizations =>
        [.. Init["authorizations"]!.AsArray().Select(a => $"{Scene.LabelOf(a!["client_id"])} {Scene.LabelOf(a["resource_id"])}").Order(StringComparer.Ordinal)];

    /// <summary>Payloads of the pushes that the last <see cref="ReceivesAsync"/> saw, in their order.</summary>
    public List<JsonNode> Seen { get; } = [];

    /// <summary>
    /// What has happened up to now has the portal push exactly this and nothing else. Later changes, of a resource's filters, mark the end:
    /// changes are told in the order of their commits. What concerns different pairs may come in any order.
    /// </summary>
    public async Task ReceivesAsync(params string[] pushes)
    {
        Seen.Clear();
        var seen = new List<string>();
        // What needs a look at the database may come late, so the marker is set when all is there.
        while (seen.Count < pushes.Length)
            await SeeAsync(seen);
        Assert.Equal(ByPair(pushes), ByPair(seen));
        // Twice: what is told together with a marker may come after it.
        for (var i = 0; i < 2; i++)
        {
            var port = await Scene.MarkGatewaysAsync();
            while (await SeeAsync(seen) != port)
            {
            }
        }

        Assert.Equal(ByPair(pushes), ByPair(seen));
    }

    /// <summary>The payload of the next push, which must be <c>authorize_flow</c>.</summary>
    public async Task<JsonNode> AuthorizedAsync()
    {
        var text = await NextAsync();
        Assert.StartsWith("authorize_flow ", text, StringComparison.Ordinal);
        return Last;
    }

    /// <summary>Sends <c>flow_authorized</c>.</summary>
    public Task AcknowledgeAsync(JsonNode authorize) => Socket.SendAsync("flow_authorized", $$"""{"ref":"{{authorize["ref"]}}"}""");

    private static IEnumerable<string> ByPair(IEnumerable<string> pushes) => pushes.OrderBy(push => push[(push.IndexOf(' ') + 1)..], StringComparer.Ordinal);

    // The port of a marker, which may be the one of another gateway; else null, and the push is kept.
    private async Task<int?> SeeAsync(List<string> seen)
    {
        var text = await NextAsync();
        if (text == "resource_updated Marker")
            return Last["filters"]![0]!["port_range_start"]!.GetValue<int>();
        seen.Add(text);
        Seen.Add(Last);
        return null;
    }

    protected override string Text(JsonNode frame) => frame["event"]!.GetValue<string>() == "authorize_flow"
        ? $"authorize_flow {Scene.LabelOf(frame["payload"]!["client"]!["id"])} {Scene.LabelOf(frame["payload"]!["resource"]!["id"])}"
        : base.Text(frame);

    protected override async Task<bool> KeepAsync(JsonNode frame)
    {
        if (!answers)
            return true;
        if (frame["event"]!.GetValue<string>() == "authorize_flow")
            await AcknowledgeAsync(frame["payload"]!);
        return frame["event"]!.GetValue<string>() != "phx_reply";
    }
}
