using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Firezone.Cli.Catalog;
using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;
using Xunit.Abstractions;

namespace Firezone.Cli.Tests.Commands;

public sealed partial class CoverageTests(ITestOutputHelper log)
{
    private static HashSet<string> Tried => [.. Scenarios.All.Select(scenario => Nameless(scenario.Call))];

    [Fact]
    public void Every_command_is_tried() =>
        Assert.Empty(Operations.All.Where(operation =>
            !Scenarios.All.Any(scenario => scenario.Call == operation.Call && scenario.Line.StartsWith(operation.Words, StringComparison.Ordinal)))
            .Select(operation => operation.Words));

    [Fact]
    public void Every_route_of_the_contract_has_a_command() =>
        Assert.Empty(ContractRoutes.All.Select(route => Nameless($"{route.Method} {route.Template}")).Except(Tried));

    [Fact]
    public void Every_operation_of_the_OpenAPI_document_has_a_command()
    {
        var file = Path.Combine(Repository.Root, "docs", "openapi.json");
        if (!File.Exists(file))
        {
            log.WriteLine("There is no docs/openapi.json yet: nothing is compared.");
            return;
        }

        var paths = JsonNode.Parse(File.ReadAllText(file))!["paths"]!.AsObject();
        string[] methods = ["get", "post", "put", "patch", "delete"];
        var operations = from path in paths
                         from operation in path.Value!.AsObject()
                         where methods.Contains(operation.Key)
                         select Nameless($"{operation.Key.ToUpperInvariant()} {path.Key}");
        var known = operations.ToHashSet();
        Assert.NotEmpty(known);
        Assert.Empty(known.Except(Tried));
        Assert.Empty(Tried.Except(known).Except(["GET /v1/openapi.json"]));
    }

    private static string Nameless(string call) => Parameter().Replace(call, "{}");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
