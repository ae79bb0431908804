using Orleans;

namespace Firezone.Membership.Postgres.Tests.Table;

public sealed class PostgresMembershipTableTests(TableDatabase database) : MembershipTableContract(database)
{
    protected override Task<IMembershipTable> OpenAsync(string cluster) => Task.FromResult<IMembershipTable>(Database.Table(cluster));
}
