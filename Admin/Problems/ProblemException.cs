namespace Firezone.Admin.Problems;

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail ?? problem.Title)
{
    /// <summary>What is answered.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>There is no such thing, or it belongs to another account, which is the same.</summary>
    public static ProblemException NotFound() => new(Problem.NotFound);

    /// <summary>One wrong member or parameter.</summary>
    public static ProblemException Invalid(string field, string message) =>
        new(Problem.Invalid(new Dictionary<string, string[]> { [field] = [message] }));

    /// <summary>Contradicts what is stored.</summary>
    public static ProblemException Conflict(string detail, string? field = null) => new(Problem.Conflict(detail, field));
}
