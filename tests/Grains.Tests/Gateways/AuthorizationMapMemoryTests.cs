using Firezone.Grains.Gateways;

namespace Firezone.Grains.Tests.Gateways;

/// <summary>Runs after the tests that may run in parallel: it looks at the memory of the whole process.</summary>
[CollectionDefinition(nameof(AuthorizationMapMemoryTests), DisableParallelization = true)]
[Collection(nameof(AuthorizationMapMemoryTests))]
public sealed class AuthorizationMapMemoryTests
{
    [Fact]
    public void Ten_thousand_pairs_with_ten_authorizations_each_take_less_than_six_megabytes()
    {
        var before = Heap.SettledBytes();
        var map = new AuthorizationMap();
        var (policy, token) = (Id(-1), Id(-2));
        for (var pair = 0; pair < 10_000; pair++)
        {
            for (var i = 0; i < 10; i++)
                map.Add(new Grant(Id((pair * 10) + i), Id(pair / 10), Id(pair % 10), DateTimeOffset.UnixEpoch.AddSeconds(i), new GrantBasis(policy, null, token, 1, 1)));
        }

        var bytes = Heap.SettledBytes() - before;
        Assert.Equal(100_000, map.Count);
        Assert.True(bytes < 6_000_000, $"{bytes} B");
        GC.KeepAlive(map);
    }

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
