using System.Text.Json.Nodes;
using Firezone.Cli.Api;
using Firezone.Cli.Output;

namespace Firezone.Cli.Watching;

/// <summary>Knows what was seen, and reads from the lists what happened while the stream was broken: it has no replay.</summary>
internal sealed class CatchUp(ApiClient api, string[] kinds)
{
    private const int MostKnown = 10_000;
    private const int MostMissed = 1_000;

    /// <summary>The clocks of the server's parts may differ by as much.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _known = [];
    private readonly Queue<string> _order = [];
    private DateTimeOffset _latest;

    /// <summary>Takes note of an event; false when it was seen before.</summary>
    public bool Saw(string name, JsonObject data)
    {
        if (DateTimeOffset.TryParse(When(name, data), out var at) && at > _latest)
            _latest = at;
        if (data.Text("id") is not { } id)
            return true;

        var key = $"{name} {id}";
        if (!_known.Add(key))
            return false;
        _order.Enqueue(key);
        if (_order.Count > MostKnown)
            _known.Remove(_order.Dequeue());
        return true;
    }

    /// <summary>What began since the last event, oldest first.</summary>
    public async Task<List<(string Name, JsonObject Data)>> MissedAsync(CancellationToken ct)
    {
        List<(string Name, JsonObject Data)> missed = [];
        if (kinds.Length == 0 || kinds.Contains("client") || kinds.Contains("gateway"))
            await AddAsync("session.opened", "/v1/sessions", session => kinds.Length == 0 || kinds.Contains(session.Text("kind")), missed, ct);
        if (kinds.Length == 0 || kinds.Contains("flow"))
            await AddAsync("flow.granted", "/v1/policy-authorizations", _ => true, missed, ct);
        return [.. missed.OrderBy(item => When(item.Name, item.Data), StringComparer.Ordinal)];
    }

    private async Task AddAsync(
        string name, string list, Func<JsonObject, bool> wanted, List<(string Name, JsonObject Data)> missed, CancellationToken ct)
    {
        var since = _latest - Overlap;
        await foreach (var item in api.ListAsync(list, [], MostMissed, ct))
        {
            if (!DateTimeOffset.TryParse(When(name, item), out var at) || at < since)
                return;
            if (wanted(item))
                missed.Add((name, item));
        }
    }

    /// <summary>The moment of an event, in the server's words.</summary>
    public static string? When(string name, JsonObject data) => name switch
    {
        "session.opened" => data.Text("opened_at"),
        "session.ended" => data.Text("ended_at"),
        "flow.granted" => data.Text("created_at"),
        _ => data.Text("at"),
    };
}
