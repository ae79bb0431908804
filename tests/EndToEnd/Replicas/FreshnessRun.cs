using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Scenes;

namespace Firezone.EndToEnd.Replicas;

/// <summary>
/// Random changes and grants in an account of its own; after each, its client or its gateway reconnects at once, and what it is told is
/// compared with what was done.
/// </summary>
internal sealed class FreshnessRun : IAsyncDisposable
{
    private const int Steps = 8;

    private readonly Random _random;
    private readonly Scene _scene;
    private readonly Guid[] _groups = new Guid[2];
    private readonly Guid?[] _memberships = new Guid?[2];
    private readonly Dictionary<string, Place> _places = [];
    private readonly HashSet<string> _granted = [];
    private readonly HashSet<string> _onceGranted = [];
    private readonly List<string> _done = [];
    private SceneClient _client = null!;
    private SceneGateway _gateway = null!;
    private int _made;

    private FreshnessRun(Scene scene, int seed)
    {
        _scene = scene;
        _random = new Random(seed);
    }

    /// <summary>A resource with its one policy.</summary>
    private sealed record Place(Guid Id, Guid Policy, int Group, bool Enabled, int Address);

    /// <summary>How many were compared.</summary>
    public int Inits { get; private set; }

    private string[] Visible => [.. _places.Where(p => p.Value.Enabled && _memberships[p.Value.Group] is not null).Select(p => p.Key).Order(StringComparer.Ordinal)];

    public static async Task<FreshnessRun> OpenAsync(Portal portal, int seed)
    {
        var run = new FreshnessRun(await Scene.OpenAsync(portal), seed);
        for (var group = 0; group < 2; group++)
        {
            run._groups[group] = await run._scene.GroupAsync($"Group {group}");
            run._memberships[group] = await run._scene.MemberAsync(run._groups[group], run._scene.AdaId);
            await run.AddAsync(group);
        }

        run._gateway = await run._scene.GatewayAsync();
        run._client = await run._scene.ClientAsync();
        return run;
    }

    /// <summary>Plays.</summary>
    /// <returns>The first difference between what was told and what was done, or null.</returns>
    public async Task<string?> PlayAsync()
    {
        for (var step = 0; step < Steps; step++)
        {
            // Who asks for a flow must know that the resource is there, so the client is the one that has just come.
            var flow = Visible.Length > 0 && _random.Next(3) == 0;
            var difference = flow ? await FlowAsync() : await ChangeAsync();
            difference ??= flow || _random.Next(2) == 0 ? await GatewayAgainAsync() : await ClientAgainAsync();
            if (difference is not null)
                return $"{string.Join("; ", _done)}: {difference}";
        }

        return null;
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    private async Task<string?> FlowAsync()
    {
        if (await ClientAgainAsync() is { } difference)
            return difference;
        var label = Pick(Visible);
        _done.Add($"flow {label}");
        await _client.AskAsync(_places[label].Id);
        string answer;
        do
            answer = await _client.NextAsync();
        while (!answer.StartsWith("flow_cre", StringComparison.Ordinal));
        if (answer != $"flow_created {label}")
            return answer;
        _granted.Add(label);
        _onceGranted.Add(label);
        return null;
    }

    private async Task<string?> ChangeAsync()
    {
        switch (_random.Next(5))
        {
            case 0:
                await AddAsync(_random.Next(2));
                break;
            case 1:
                await TurnMembershipAsync(_random.Next(2));
                break;
            case 2 when _places.Count > 0:
                var gone = Pick(_places.Keys);
                _done.Add($"delete {gone}");
                await _scene.SqlAsync($"delete from resources where id = {_places[gone].Id}");
                _places.Remove(gone);
                break;
            case 3 when _places.Count > 0:
                var moved = Pick(_places.Keys);
                _done.Add($"move {moved}");
                _places[moved] = _places[moved] with { Address = ++_made };
                await _scene.SqlAsync($"update resources set address = {Address(_made)} where id = {_places[moved].Id}");
                _granted.Remove(moved);
                break;
            case 4 when _places.Count > 0:
                var label = Pick(_places.Keys);
                var place = _places[label];
                _done.Add($"{(place.Enabled ? "disable" : "enable")} {label}");
                DateTimeOffset? disabled = place.Enabled ? TimeProvider.System.GetUtcNow() : null;
                await _scene.SqlAsync($"update policies set disabled_at = {disabled}::timestamptz where id = {place.Policy}");
                _places[label] = place with { Enabled = !place.Enabled };
                break;
        }

        _granted.IntersectWith(Visible);
        return null;
    }

    private async Task AddAsync(int group)
    {
        var label = $"R{++_made}";
        _done.Add($"add {label} for {group}");
        var resource = await _scene.ResourceAsync(label, Address(_made));
        _places[label] = new Place(resource, await _scene.PolicyAsync(_groups[group], resource), group, true, _made);
    }

    private async Task TurnMembershipAsync(int group)
    {
        if (_memberships[group] is { } membership)
        {
            _done.Add($"leave {group}");
            await _scene.SqlAsync($"delete from memberships where id = {membership}");
            _memberships[group] = null;
        }
        else
        {
            _done.Add($"join {group}");
            _memberships[group] = await _scene.MemberAsync(_groups[group], _scene.AdaId);
        }
    }

    private async Task<string?> ClientAgainAsync()
    {
        _done.Add("client");
        if (_random.Next(2) == 0)
            await _client.VanishAsync();
        var connect = _client.Connect;
        _client = await _scene.ClientAsync(with: _ => connect);
        Inits++;
        var told = _client.Init["resources"]!.AsArray().Select(r => $"{r!["name"]} {r["address"]}").Order(StringComparer.Ordinal);
        return Difference(told, Visible.Select(label => $"{label} {Address(_places[label].Address)}"));
    }

    private async Task<string?> GatewayAgainAsync()
    {
        _done.Add("gateway");
        if (_random.Next(2) == 0)
            await _gateway.VanishAsync();
        var connect = _gateway.Connect;
        _gateway = await _scene.GatewayAsync(with: _ => connect);
        Inits++;
        // What was taken away is granted anew by the portal itself where the client may still go there, sooner or later.
        var renewed = _onceGranted.Intersect(Visible).Except(_granted).Select(Pair).ToHashSet();
        return Difference(_gateway.Authorizations.Where(pair => !renewed.Contains(pair)), _granted.Select(Pair));

        static string Pair(string label) => $"laptop {label}";
    }

    private static string? Difference(IEnumerable<string> told, IEnumerable<string> right)
    {
        var (seen, expected) = (string.Join(", ", told), string.Join(", ", right.Order(StringComparer.Ordinal)));
        return seen == expected ? null : $"told [{seen}], right is [{expected}]";
    }

    private static string Address(int number) => $"10.{number}.0.0/16";

    private string Pick(IEnumerable<string> labels)
    {
        string[] choice = [.. labels.Order(StringComparer.Ordinal)];
        return choice[_random.Next(choice.Length)];
    }
}
