using Firezone.Grains.Gateways;

namespace Firezone.Grains.Tests.Gateways;

/// <summary>Runs after the tests that may run in parallel: it looks at the memory of the whole process.</summary>
[CollectionDefinition(nameof(AuthorizationMapMemoryTests), DisableParallelization = true)]
[Collection(nameof(AuthorizationMapMemoryTests))]
public sealed class AuthorizationMapMemoryTests
{
    [Fact]
    public void Ten_thousand_pairs_with_ten_authorizations_each_take_less_than_four_megabytes()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var map = new AuthorizationMap();
        for (var pair = 0; pair < 10_000; pair++)
        {
            for (var i = 0; i < 10; i++)
                map.Add(Id(pair / 10), Id(pair % 10), Id((pair * 10) + i), DateTimeOffset.UnixEpoch.AddSeconds(i));
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(100_000, map.Count);
        Assert.InRange(bytes, 1, 4_000_000);
    }

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
