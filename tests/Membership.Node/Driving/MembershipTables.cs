using Firezone.Membership.Postgres.Table;
using Npgsql;

namespace Firezone.Membership.Node.Driving;

/// <summary>Makes the tables that plain <c>UseAdoNetClustering</c> expects to be there.</summary>
public static class MembershipTables
{
    public static async Task CreateAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(MembershipSchema.Script, connection);
        await command.ExecuteNonQueryAsync();
    }
}
