using Firezone.Admin.Problems;

namespace Firezone.Admin.Validation;

/// <summary>What is wrong with a request, by member.</summary>
internal sealed class Findings
{
    private const int Most = 100;

    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>Notes one; the first about a member counts, and of very many the first ones.</summary>
    public void Add(string member, string message)
    {
        if (_errors.Count < Most)
            _errors.TryAdd(member, [message]);
    }

    /// <summary>Notes one if there is one.</summary>
    public void AddIf(string member, string? message)
    {
        if (message is not null)
            Add(member, message);
    }

    /// <summary>Ends the request if there is any.</summary>
    public void Demand()
    {
        if (_errors.Count > 0)
            throw new ProblemException(Problem.Invalid(_errors));
    }
}
