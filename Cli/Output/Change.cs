using System.Text.Json.Nodes;

namespace Firezone.Cli.Output;

/// <summary>What an entry of the audit log changed, in a few words.</summary>
internal static class Change
{
    private static readonly string[] Silent = ["id", "created_at", "updated_at"];

    public static string Between(JsonObject? before, JsonObject? after)
    {
        if (before is null || after is null)
            return Cell.Of("name", (after ?? before)?["name"]);

        var changes = before.Concat(after).Select(member => member.Key).Distinct()
            .Where(member => !Silent.Contains(member) && !JsonNode.DeepEquals(before[member], after[member]))
            .Select(member => (Name: member, Before: Cell.Of(member, before[member]), After: Cell.Of(member, after[member])))
            .Where(change => change.Before != change.After)
            .Select(change => $"{change.Name}: {change.Before} → {change.After}");
        return Printable.Of(string.Join(", ", changes)) is { Length: > 0 } text ? text : Cell.Nothing;
    }
}
