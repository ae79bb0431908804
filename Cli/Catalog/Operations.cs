using Firezone.Cli.Commands;

namespace Firezone.Cli.Catalog;

/// <summary>Every command that is a call of the API.</summary>
internal static class Operations
{
    public static IReadOnlyList<Operation> All { get; } =
        [.. PeopleOperations.All, .. NetworkOperations.All, .. TokenOperations.All, .. ClusterOperations.All, .. NodeOperations.All];

    /// <summary>What the first word of a command is about.</summary>
    public static IReadOnlyDictionary<string, string> Subjects { get; } = new Dictionary<string, string>
    {
        ["account"] = "The account of the API token",
        ["accounts"] = "All accounts (operators)",
        ["actors"] = "People, service accounts and API clients",
        ["groups"] = "Groups of actors",
        ["members"] = "Who is in a group",
        ["sites"] = "Sites: where gateways stand",
        ["gateways"] = "Gateways",
        ["resources"] = "Resources: what can be reached",
        ["policies"] = "Policies: which group reaches which resource, and when",
        ["clients"] = "Client devices",
        ["authorizations"] = "Granted flows that have not expired",
        ["sessions"] = "Who is connected",
        ["gateway-tokens"] = "Tokens that gateways of a site connect with",
        ["client-tokens"] = "Tokens that clients connect with",
        ["relay-tokens"] = "Tokens that relays connect with (operators)",
        ["admin-tokens"] = "Tokens for this API, of this account",
        ["operator-tokens"] = "Tokens for this API, of operators (operators)",
        ["node"] = "Single processes of the cluster (operators)",
        ["drain"] = "Take a process out of service (operators)",
        ["resume"] = "Take a process back into service (operators)",
        ["log-level"] = "What processes log, for a while (operators)",
        ["profile"] = "Stored addresses and tokens",
    };
}
