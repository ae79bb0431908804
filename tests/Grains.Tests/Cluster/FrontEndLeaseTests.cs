using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Grains.Tests.Cluster;

public sealed class FrontEndLeaseTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_front_end_that_leaves_while_the_database_hangs_does_not_keep_the_others_from_renewing()
    {
        var directory = _cluster.Client.GetGrain<IFrontEndDirectoryGrain>(0);
        var (leaver, other) = (Guid.NewGuid(), Guid.NewGuid());
        await directory.Renew(leaver, "leaver", "local", 0);
        await using var connection = await _cluster.Database.Write.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "lock table front_ends, sessions in access exclusive mode";
            await command.ExecuteNonQueryAsync();
        }

        var leave = directory.Leave(leaver);
        await directory.Renew(other, "other", "local", 0).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(leave.IsCompleted);
        Assert.Contains(other, (await directory.GetView()).Alive);
        await transaction.RollbackAsync();
        await leave;
    }
}
