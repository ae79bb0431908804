using System.Text.Json;

namespace Firezone.Admin.Problems;

/// <summary>Gives what the framework's validation finds the form of all other problems.</summary>
internal static class ValidationProblems
{
    public static void Customize(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is HttpValidationProblemDetails { Errors: { Count: > 0 } errors })
        {
            throw new ProblemException(Problem.Invalid(
                errors.ToDictionary(e => string.Join('.', e.Key.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)), e => e.Value)));
        }
    }
}
