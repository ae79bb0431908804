using System.Text.Json.Nodes;
using Firezone.Cli.Api;
using Firezone.Cli.Output;

namespace Firezone.Cli.References;

/// <summary>The names behind ids, looked up many at a time, so that tables can be read.</summary>
internal sealed class NameBook(ApiClient api)
{
    private const int MostIds = 100;
    private readonly Dictionary<string, string> _names = [];

    /// <summary>Learns the names of everything that these items refer to in the given members.</summary>
    public async Task LearnAsync(IReadOnlyCollection<JsonObject> items, IEnumerable<string> members, CancellationToken ct)
    {
        foreach (var member in members)
        {
            if (Things.OfMember(member) is not { } thing)
                continue;
            var ids = items.Select(item => item.Text(member)).OfType<string>().Distinct().Where(id => !_names.ContainsKey(id)).ToArray();
            foreach (var chunk in ids.Chunk(MostIds))
                foreach (var list in thing.Lists)
                    await foreach (var found in api.ListAsync(list, [.. chunk.Select(id => KeyValuePair.Create("id", id))], null, ct))
                        _names[found.Text("id") ?? ""] = found.Text("name") ?? "";
        }
    }

    public string? Find(string id) => _names.GetValueOrDefault(id);
}
