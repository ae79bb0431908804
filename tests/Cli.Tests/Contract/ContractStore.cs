using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Firezone.Cli.Tests.Contract;

/// <summary>The things of one account, as the API shows them. Members that begin with an underscore stay inside.</summary>
internal sealed class ContractStore
{
    public const string Now = "2026-01-01T00:00:00Z";

    private readonly Dictionary<string, List<JsonObject>> _collections = [];
    private int _lastId;

    public JsonObject Account { get; } = JsonNode.Parse(
        """
        {"id":"10000000-0000-0000-0000-000000000001","name":"Demo","slug":"demo",
         "config":{"search_domain":null,"dns":{"type":"custom","addresses":["192.0.2.53"],"doh_provider":null}},
         "disabled_at":null,"created_at":"2026-01-01T00:00:00Z"}
        """)!.AsObject();

    public JsonObject Status { get; set; } = [];

    public JsonObject Explanation { get; set; } = [];

    /// <summary>Answers of routes that belong to no list, by the operation's name.</summary>
    public Dictionary<string, JsonObject> Answers { get; } = [];

    /// <summary>Puts a thing into a list; its id is given back.</summary>
    public string Add(string collection, string json)
    {
        var item = JsonNode.Parse(json)!.AsObject();
        var id = item.ContainsKey("id") ? (string)item["id"]! : $"20000000-0000-0000-0000-{++_lastId:d12}";
        item.Remove("id");
        item.Insert(0, "id", id);
        item.TryAdd("created_at", Now);
        Of(collection).Add(item);
        return id;
    }

    public List<JsonObject> Of(string collection)
    {
        if (!_collections.TryGetValue(collection, out var items))
            _collections[collection] = items = [];
        return items;
    }

    public JsonNode? Answer(ContractRoute route, Dictionary<string, string> parameters, IQueryCollection query, JsonObject body) => route.Id switch
    {
        "getAccount" => Account.DeepClone(),
        "updateAccount" => Update(Account, body).DeepClone(),
        "getStatus" => Status.DeepClone(),
        "getOpenApi" => new JsonObject { ["openapi"] = "3.1.1" },
        "explainAccess" => query["resource_id"].Count == 1 ? Explanation.DeepClone() : throw ContractProblem.Invalid("resource_id", "is missing"),
        "replaceGroupMembers" => ChangeMembers(parameters["group_id"], body["actor_ids"], Of("members").Select(member => member["actor_id"])),
        "updateGroupMembers" => ChangeMembers(parameters["group_id"], body["add"], body["remove"] as JsonArray ?? []),
        "createAccount" => CreateAccount(body),
        _ when Answers.TryGetValue(route.Id, out var answer) => answer.DeepClone(),
        _ when route.Template.StartsWith("/v1/operations/", StringComparison.Ordinal) => new JsonObject { ["nodes"] = new JsonArray() },
        "getSessionState" or "disconnectSession" => Show(Find("sessions", parameters["session_id"])),
        _ when route.Filters is not null => List(route, parameters, query),
        _ => One(route, parameters, body),
    };

    private JsonNode? One(ContractRoute route, Dictionary<string, string> parameters, JsonObject body)
    {
        var parts = route.Template.Split('/');
        var name = parts[^1];
        if (name.StartsWith('{'))
        {
            var item = Find(parts[^2], parameters[name.Trim('{', '}')]);
            if (route.Method == "DELETE")
                Of(parts[^2]).Remove(item);
            return route.Method == "DELETE" ? null : Show(Update(item, body));
        }

        return name switch
        {
            "disable" => Mark(parts[^3], parameters, "disabled_at", Now),
            "enable" => Mark(parts[^3], parameters, "disabled_at", null),
            "verify" => Mark(parts[^3], parameters, "verified_at", Now),
            "unverify" => Mark(parts[^3], parameters, "verified_at", null),
            _ => Create(name, parameters, body),
        };
    }

    private JsonObject Create(string collection, Dictionary<string, string> parameters, JsonObject body)
    {
        foreach (var (member, parent) in parameters)
            body[member] = parent;
        var id = Add(collection, body.ToJsonString());
        var answer = Show(Find(collection, id));
        if (collection.EndsWith("-tokens", StringComparison.Ordinal))
            answer["token"] = $".x{id}";
        return answer;
    }

    private JsonObject CreateAccount(JsonObject body)
    {
        var admin = body["admin"] is null ? null : JsonNode.Parse("""{"actor_id":"a","token_id":"t","token":".afirst"}""");
        body.Remove("admin");
        return new JsonObject
        {
            ["account"] = Create("accounts", [], body),
            ["admin"] = admin,
        };
    }

    private JsonObject ChangeMembers(string group, JsonNode? add, IEnumerable<JsonNode?> remove)
    {
        Find("groups", group);
        var gone = remove.Select(id => (string)id!).ToHashSet();
        var removed = Of("members").RemoveAll(member => (string)member["_group_id"]! == group && gone.Contains((string)member["actor_id"]!));
        foreach (var actor in add as JsonArray ?? [])
            Add("members", $$"""{"actor_id":"{{Find("actors", (string)actor!)["id"]}}","_group_id":"{{group}}"}""");
        return new JsonObject { ["added"] = (add as JsonArray)?.Count ?? 0, ["removed"] = removed, ["member_count"] = Of("members").Count };
    }

    private JsonObject List(ContractRoute route, Dictionary<string, string> parameters, IQueryCollection query)
    {
        var filters = route.Filters!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // The server ignores what it does not know; here it is somebody's slip.
        if (query.Keys.FirstOrDefault(key => key is not ("limit" or "cursor") && !filters.Contains(key)) is { } unknown)
            throw ContractProblem.Invalid(unknown, "is no filter");
        var limit = int.Parse(query["limit"].FirstOrDefault() ?? "50");
        if (limit is < 1 or > 100)
            throw ContractProblem.Invalid("limit", "must be 1 to 100");

        var found = Of(route.Template.Split('/')[^1])
            .Where(item => parameters.All(parameter => (string?)(item[parameter.Key] ?? item["_" + parameter.Key]) == parameter.Value))
            .Where(item => filters.All(filter => query[filter].Count == 0 || query[filter].Any(value => Fits(item, filter, value!))))
            .ToList();
        var start = int.Parse(query["cursor"].FirstOrDefault() ?? "0");
        return new JsonObject
        {
            ["data"] = new JsonArray([.. found.Skip(start).Take(limit).Select(Show)]),
            ["next_cursor"] = start + limit < found.Count ? $"{start + limit}" : null,
        };
    }

    private static bool Fits(JsonObject item, string filter, string value) => filter switch
    {
        "name" => ((string?)item["name"] ?? "").Contains(value, StringComparison.OrdinalIgnoreCase),
        "email" => string.Equals((string?)item["email"], value, StringComparison.OrdinalIgnoreCase),
        "disabled" or "verified" or "ended" => item[$"{filter}_at"] is not null == (value == "true"),
        "online" => (bool)item["online"]! == (value == "true"),
        "since" or "until" => true,
        _ => (string?)(item[filter] ?? item["_" + filter]) == value,
    };

    private JsonObject Mark(string collection, Dictionary<string, string> parameters, string member, string? value)
    {
        var item = Find(collection, parameters.Values.Single());
        item[member] = value;
        return Show(item);
    }

    private JsonObject Find(string collection, string id) =>
        Of(collection).Find(item => (string)item["id"]! == id) ?? throw ContractProblem.NotFound();

    private static JsonObject Update(JsonObject item, JsonObject changes)
    {
        foreach (var (member, value) in changes)
            item[member] = value?.DeepClone();
        return item;
    }

    private static JsonObject Show(JsonObject item)
    {
        var shown = item.DeepClone().AsObject();
        foreach (var member in item.Select(pair => pair.Key).Where(key => key.StartsWith('_')))
            shown.Remove(member);
        return shown;
    }
}
