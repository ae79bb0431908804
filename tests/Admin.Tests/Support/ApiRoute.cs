using System.Text.Json;
using System.Text.RegularExpressions;

namespace Firezone.Admin.Tests.Support;

/// <summary>A route of the API as its own document lists it.</summary>
public sealed partial record ApiRoute(HttpMethod Method, string Path, string OperationId)
{
    /// <summary>Names of the path's parameters, the tokens' by what they are tokens of.</summary>
    public string[] Parameters => [.. Parameter().Matches(Path).Select(m => m.Groups[1].Value switch
    {
        "token_id" when Path.Contains("gateway-tokens", StringComparison.Ordinal) => "gateway_token_id",
        "token_id" when Path.Contains("client-tokens", StringComparison.Ordinal) => "client_token_id",
        "token_id" when Path.Contains("admin-tokens", StringComparison.Ordinal) => "admin_token_id",
        var name => name,
    })];

    /// <summary>It changes something.</summary>
    public bool Changes => Method != HttpMethod.Get;

    /// <summary>For operators, not for accounts.</summary>
    public bool IsOperators => Path.StartsWith("/v1/accounts", StringComparison.Ordinal)
        || Path.StartsWith("/v1/operations", StringComparison.Ordinal)
        || Path.StartsWith("/v1/relay-tokens", StringComparison.Ordinal) || Path.StartsWith("/v1/operator-tokens", StringComparison.Ordinal);

    /// <summary>All routes.</summary>
    public static async Task<ApiRoute[]> AllAsync(AdminCaller caller)
    {
        var document = await caller.GetAsync("/v1/openapi.json");
        return [.. from path in document.Body.GetProperty("paths").EnumerateObject()
                   from operation in path.Value.EnumerateObject()
                   select new ApiRoute(
                       new HttpMethod(operation.Name.ToUpperInvariant()), path.Name, operation.Value.GetProperty("operationId").GetString()!)];
    }

    /// <summary>The path with ids in the order of <see cref="Parameters"/>.</summary>
    public string Fill(IReadOnlyList<Guid> ids)
    {
        var next = 0;
        return Parameter().Replace(Path, _ => ids[next++].ToString());
    }

    /// <summary>A body that is valid where the ids are.</summary>
    public object? Body(Func<string, Guid> id) => OperationId switch
    {
        "updateAccount" => new { name = "Changed" },
        "createActor" => new { type = "service_account", name = "New" },
        "updateActor" => new { name = "Changed" },
        "createGroup" => new { name = "New" },
        "updateGroup" => new { name = "Changed" },
        "replaceGroupMembers" => new { actor_ids = new[] { id("actor_id") } },
        "updateGroupMembers" => new { add = new[] { id("actor_id") }, remove = new[] { id("actor_id") } },
        "createSite" => new { name = $"New {Guid.NewGuid()}" },
        "updateSite" => new { name = $"Changed {Guid.NewGuid()}" },
        "createResource" => new { type = "ip", name = "New", address = "10.9.8.7", site_id = id("site_id") },
        "updateResource" => new { name = "Changed", site_id = id("site_id") },
        "createPolicy" => new { group_id = id("group_id"), resource_id = id("resource_id") },
        "updatePolicy" => new { description = "Changed", group_id = id("group_id"), resource_id = id("resource_id") },
        "updateClient" => new { name = "Changed" },
        "createClientToken" => new { expires_at = DateTimeOffset.UtcNow.AddDays(1) },
        "createAdminToken" or "createAccountAdminToken" => new { name = "New", actor_id = id("admin_actor_id"), role = "reader" },
        "createAccount" => new { name = "New", slug = $"n{Guid.NewGuid():N}", admin = new { name = "Eve" } },
        "createOperatorToken" => new { name = "New" },
        "setLogLevels" or "setNodeLogLevel" => new { category = "Firezone", level = "debug" },
        "resetLogLevels" => new { category = "Firezone" },
        _ => null,
    };

    public override string ToString() => $"{Method} {Path}";

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
