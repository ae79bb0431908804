using System.Runtime.CompilerServices;
using System.Text.Json;
using Firezone.Admin.Problems;

namespace Firezone.Admin.Validation;

/// <summary>A body in which an absent member means "as it is" and null means "none".</summary>
public abstract class PatchBody
{
    private readonly HashSet<string> _given = [];

    /// <summary>Whether the member was sent, null or not.</summary>
    internal bool Has(string property) => _given.Contains(property);

    /// <summary>The value to store: the one that was sent, else the one that is there.</summary>
    internal T? Or<T>(T? sent, T? present, [CallerArgumentExpression(nameof(sent))] string expression = "") =>
        Has(NameOf(expression)) ? sent : present;

    /// <summary>The same for a member that may not be null.</summary>
    internal T OrKeep<T>(T? sent, T present, [CallerArgumentExpression(nameof(sent))] string expression = "")
        where T : class =>
        !Has(NameOf(expression)) ? present
        : sent ?? throw ProblemException.Invalid(JsonNamingPolicy.SnakeCaseLower.ConvertName(NameOf(expression)), "must not be null");

    /// <summary>For setters.</summary>
    protected void Set<T>(out T field, T value, [CallerMemberName] string property = "")
    {
        field = value;
        _given.Add(property);
    }

    // "body.Name" -> "Name"
    private static string NameOf(string expression) => expression[(expression.LastIndexOf('.') + 1)..];
}
