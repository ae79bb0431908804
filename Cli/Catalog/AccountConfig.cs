using System.Text.Json.Nodes;
using Firezone.Cli.Commands;
using Firezone.Cli.Output;

namespace Firezone.Cli.Catalog;

/// <summary>The API takes an account's config as a whole; the command line changes parts of it.</summary>
internal static class AccountConfig
{
    public static async Task CompleteAsync(Session session, JsonObject body, CancellationToken ct)
    {
        if (body.Object("config") is not { } changes)
            return;
        var account = await session.Api.GetAsync("/v1/account", ct);
        var config = account.Object("config")?.DeepClone() as JsonObject ?? [];
        Overlay(config, changes);
        body["config"] = config;
    }

    private static void Overlay(JsonObject config, JsonObject changes)
    {
        foreach (var (member, value) in changes)
        {
            if (value is JsonObject inner && config[member] is JsonObject outer)
                Overlay(outer, inner);
            else
                config[member] = value?.DeepClone();
        }
    }
}
