using Firezone.Membership.Postgres.Table;
using Firezone.Silos.AllInOne;
using Firezone.Silos.Hosting;
using Npgsql;

namespace Firezone.Silos.Commands;

/// <summary>
/// <c>migrate</c>: brings the database that <c>FIREZONE_DATABASE</c> names to this build's schema and ends. For installers, so that processes
/// start with nothing to wait for and may have a role that cannot create tables.
/// </summary>
internal static class MigrateCommand
{
    private const string Verb = "migrate";

    /// <summary>Whether the arguments ask for this.</summary>
    public static bool Is(string[] args) => args is [Verb, ..];

    /// <summary>Any number of them may run at once, and beside processes that work.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_])
        {
            Console.Error.WriteLine($"usage: {Verb}");
            return 2;
        }

        try
        {
            var configuration = new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();
            await using var node = await NodeDatabase.PrepareAsync(configuration);
            await MakeMembershipTablesAsync(node.ConnectionString);
            Console.WriteLine("The database is up to date.");
            return 0;
        }
        catch (NodeStartException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (NpgsqlException e)
        {
            Console.Error.WriteLine($"The database is not usable: {e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    private static async Task MakeMembershipTablesAsync(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) == true)
            settings.TargetSessionAttributes = "primary";
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using (var ask = new NpgsqlCommand("select to_regclass('OrleansMembershipTable') is not null", connection))
        {
            if (await ask.ExecuteScalarAsync() is true)
                return;
        }

        await using var make = new NpgsqlCommand(MembershipSchema.Script, connection);
        await make.ExecuteNonQueryAsync();
    }
}
