using Firezone.Silos.AllInOne;
using Firezone.Silos.Hosting;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;

namespace Firezone.Silos.Commands;

/// <summary>
/// <c>operator-token NAME</c>: prints a fresh operator token of the database that <c>FIREZONE_DATABASE</c> names. The way in for whoever
/// has the database; every other token can then be made through the admin API.
/// </summary>
internal static class OperatorTokenCommand
{
    private const string Verb = "operator-token";
    private const int LongestName = 255;

    /// <summary>Whether the arguments ask for this.</summary>
    public static bool Is(string[] args) => args is [Verb, ..];

    /// <summary>Prints the token and nothing else on standard output.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_, { Length: > 0 and <= LongestName } name])
        {
            Console.Error.WriteLine($"usage: {Verb} NAME");
            return 2;
        }

        try
        {
            var configuration = new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();
            await using var node = await NodeDatabase.PrepareAsync(configuration);
            await using var database = new Database(node.ConnectionString);
            var token = await new Provisioner(database).IssueOperatorTokenAsync(name);
            Console.WriteLine(token.Text);
            return 0;
        }
        catch (NodeStartException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
