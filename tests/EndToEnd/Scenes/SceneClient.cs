using System.Text.Json.Nodes;
using Firezone.EndToEnd.Peers;
using Firezone.Shared.Peers;

namespace Firezone.EndToEnd.Scenes;

/// <summary>A joined client.</summary>
internal sealed class SceneClient(Scene scene, V1Peer socket, Connect connect, Guid id, JsonNode init) : ScenePeer(scene, socket, connect, id, init)
{
    /// <summary>What <c>init</c> lists, by label.</summary>
    public string[] Resources => [.. Init["resources"]!.AsArray().Select(r => Scene.LabelOf(r!["id"])).Order(StringComparer.Ordinal)];

    /// <summary>Payloads of the pushes that the last <see cref="ReceivesAsync"/> saw, in their order.</summary>
    public List<JsonNode> Seen { get; } = [];

    /// <summary>
    /// What has happened up to now has the portal push exactly this and nothing else. A later change, of the account's configuration,
    /// marks the end: changes are told in the order of their commits. Pushes of one event in a row may come in any order.
    /// </summary>
    public async Task ReceivesAsync(params string[] pushes)
    {
        Seen.Clear();
        var seen = new List<string>();
        // Changes that the portal reads together are told together: the marker, which is one, comes when all is there.
        while (seen.Count < pushes.Length)
            See(seen, await NextAsync());
        var domain = await Scene.MarkClientsAsync();
        var end = Guid.NewGuid();
        while (true)
        {
            var text = Text(await TakeAsync());
            if (text == $"flow_creation_failed {end} not_found")
                break;
            // What was told together with the marker comes before the answer to a request.
            if (Marker(text) is not { } told)
                See(seen, text);
            else if (told == domain)
                await AskAsync(end);
        }

        Assert.Equal(InRuns(pushes), InRuns(seen));
    }

    /// <inheritdoc />
    /// <remarks>Markers of other clients of the account are passed over.</remarks>
    public override async Task<string> NextAsync()
    {
        while (true)
        {
            var text = Text(await TakeAsync());
            if (Marker(text) is null)
                return text;
        }
    }

    /// <summary>Sends <c>create_flow</c>.</summary>
    public Task AskAsync(Guid resource, params Guid[] connected) => Socket.SendAsync(
        "create_flow", $$"""{"resource_id":"{{resource}}","connected_gateway_ids":[{{string.Join(',', connected.Select(g => $"\"{g}\""))}}]}""");

    /// <summary>Asks for a flow that is granted; the payload of <c>flow_created</c>. A gateway that answers must be there.</summary>
    public async Task<JsonNode> FlowAsync(Guid resource, params Guid[] connected)
    {
        await AskAsync(resource, connected);
        await ExpectAsync($"flow_created {Scene.LabelOf(JsonValue.Create(resource.ToString()))}");
        return Last;
    }

    /// <summary>Asks for a flow that is refused; the reason.</summary>
    public async Task<string> RefusedAsync(Guid resource)
    {
        await AskAsync(resource);
        var answer = await NextAsync();
        var label = Scene.LabelOf(JsonValue.Create(resource.ToString()));
        Assert.StartsWith($"flow_creation_failed {label} ", answer, StringComparison.Ordinal);
        return Last["reason"]!.GetValue<string>();
    }

    /// <summary>The label of the gateway to which a flow is granted.</summary>
    public async Task<string> ChosenAsync(Guid resource, params Guid[] connected) =>
        Scene.LabelOf((await FlowAsync(resource, connected))["gateway_id"]);

    private void See(List<string> seen, string text)
    {
        seen.Add(text);
        Seen.Add(Last);
    }

    private string? Marker(string text) =>
        text == "config_changed" && Last["interface"]!["search_domain"]?.GetValue<string>() is { } told && Scene.IsMarker(told) ? told : null;

    /// <summary>With the pushes of one event that follow each other in the order of the alphabet.</summary>
    private static List<string> InRuns(IEnumerable<string> pushes)
    {
        var (all, run) = (new List<string>(), new List<string>());
        foreach (var push in pushes)
        {
            if (run.Count > 0 && run[0].Split(' ')[0] != push.Split(' ')[0])
            {
                all.AddRange(run.Order(StringComparer.Ordinal));
                run.Clear();
            }

            run.Add(push);
        }

        all.AddRange(run.Order(StringComparer.Ordinal));
        return all;
    }
}
