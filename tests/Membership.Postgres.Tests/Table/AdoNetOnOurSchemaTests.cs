using Orleans;

namespace Firezone.Membership.Postgres.Tests.Table;

/// <summary>Orleans' ADO.NET provider keeps its contract on the tables and queries that this provider makes.</summary>
public sealed class AdoNetOnOurSchemaTests(TableDatabase database) : MembershipTableContract(database)
{
    protected override async Task<IMembershipTable> OpenAsync(string cluster)
    {
        await Database.Table(cluster).InitializeMembershipTableAsync(false);
        return AdoNetTable.Open(Database.ConnectionString, cluster);
    }
}
