using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Firezone.Membership.Postgres.Hosting;

/// <summary>Checks the options at start; the messages name the key and never show the connection string.</summary>
internal sealed class MembershipOptionsValidator : IValidateOptions<PostgresMembershipOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresMembershipOptions options)
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        var failures = problems.Select(problem => $"{string.Join(", ", problem.MemberNames)}: {problem.ErrorMessage}").ToList();
        if (!string.IsNullOrEmpty(options.ConnectionString) && ConnectionProblem(options.ConnectionString) is { } problem)
            failures.Add($"{nameof(options.ConnectionString)}: {problem}");
        return failures.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(failures.Select(failure => $"{nameof(PostgresMembershipOptions)}.{failure}"));
    }

    private static string? ConnectionProblem(string connectionString)
    {
        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host)
                ? "names no host."
                : null;
        }
        catch (ArgumentException)
        {
            // The exception's text may quote the password.
            return "is not a connection string of the form 'Host=…;Username=…;Password=…;Database=…'.";
        }
    }
}
