using Firezone.Admin.Tests.Support;
using Microsoft.OpenApi;

namespace Firezone.Admin.Tests.OpenApi;

public sealed class DocumentTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    private const string Rewrite = "FIREZONE_WRITE_OPENAPI";

    private static readonly string CheckedIn = Path.Combine(Repository.Root, "docs", "openapi.json");

    [Fact]
    public async Task The_document_in_the_repository_is_the_one_that_is_served()
    {
        var served = (await ServedAsync()).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Rewrite) == "1")
            await File.WriteAllTextAsync(CheckedIn, served);
        var stored = File.Exists(CheckedIn) ? (await File.ReadAllTextAsync(CheckedIn)).ReplaceLineEndings("\n") : "";
        Assert.True(served == stored, $"docs/openapi.json is not what the API serves; run this test with {Rewrite}=1 to write it anew.");
    }

    [Fact]
    public async Task The_document_is_valid()
    {
        var result = OpenApiDocument.Parse(await ServedAsync(), "json");
        Assert.Empty(result.Diagnostic!.Errors);
        Assert.Empty(result.Diagnostic.Warnings);
        Assert.Empty(result.Document!.Validate(ValidationRuleSet.GetDefaultRuleSet()));
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_and_a_summary()
    {
        var operations = OpenApiDocument.Parse(await ServedAsync(), "json").Document!.Paths.Values.SelectMany(p => p.Operations!.Values).ToArray();
        Assert.True(operations.Length > 70, $"{operations.Length} operations");
        Assert.All(operations, o => Assert.False(string.IsNullOrEmpty(o.OperationId) || string.IsNullOrEmpty(o.Summary)));
        Assert.Equal(operations.Length, operations.Select(o => o.OperationId).Distinct().Count());
        Assert.All(operations, o => Assert.Contains(o.Responses!.Keys, status => status[0] == '2'));
    }

    private async Task<string> ServedAsync()
    {
        var ada = await fixture.Host.AccountAsync();
        return await ada.Http.GetStringAsync(new Uri("/v1/openapi.json", UriKind.Relative));
    }
}
