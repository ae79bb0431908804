using System.Text.Json.Nodes;

namespace Firezone.Cli.Tests.Contract;

/// <summary>An answer of the server that is no success.</summary>
internal sealed class ContractProblem(int status, string code, string title) : Exception(title)
{
    public int Status { get; } = status;

    /// <summary>What is wrong with which field.</summary>
    public (string Field, string Reason)? Field { get; init; }

    public string? RetryAfter { get; init; }

    public static ContractProblem NotFound() => new(404, "not_found", "There is no such thing");

    public static ContractProblem Invalid(string field, string reason) =>
        new(400, "validation_failed", "The request is not valid") { Field = (field, reason) };

    public JsonObject Document()
    {
        var document = new JsonObject
        {
            ["type"] = "about:blank",
            ["title"] = Message,
            ["status"] = Status,
            ["code"] = code,
            ["detail"] = Field is { } blamed ? $"{blamed.Field}: {blamed.Reason}" : null,
            ["trace_id"] = "00-0123456789abcdef-01",
        };
        if (Field is { } field)
            document["errors"] = new JsonObject { [field.Field] = new JsonArray(field.Reason) };
        return document;
    }
}
