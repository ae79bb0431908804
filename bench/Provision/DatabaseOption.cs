using System.CommandLine;

namespace Firezone.Bench.Provision;

/// <summary>Which database.</summary>
internal static class DatabaseOption
{
    private const string Variable = "FIREZONE_DATABASE";

    public static Option<string> Create() => new("--database")
    {
        Description = $"Connection string; default: {Variable}",
        Required = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) ?? "",
    };
}
