using Firezone.Grains.Abstractions.RateLimiting;
using Firezone.Grains.Tests.Cluster;

namespace Firezone.Grains.Tests.RateLimiting;

public sealed class ConnectRateGrainTests(GrainClusterFixture fixture) : IClassFixture<GrainClusterFixture>
{
    private static readonly ConnectRate OncePerSecond = new(1, 1);

    private readonly GrainCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task Of_all_who_ask_at_once_one_gets_the_token_of_a_second()
    {
        const ulong Key = 3;
        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Grain(Key).Take([Key, Key + 16], OncePerSecond)));
            Assert.Single(answers, answer => answer[0]);
            Assert.Single(answers, answer => answer[1]);
            _cluster.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Tokens_that_a_front_end_has_given_out_alone_are_gone()
    {
        const ulong Key = 5;
        await Grain(Key).Lower([Key], [0], OncePerSecond);
        Assert.Equal(new[] { false, true }, await Grain(Key).Take([Key, Key + 16], OncePerSecond));
        _cluster.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new[] { true }, await Grain(Key).Take([Key], OncePerSecond));
    }

    [Fact]
    public async Task A_call_with_too_many_keys_is_refused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Grain(0).Take(new ulong[IConnectRateGrain.MaxKeys + 1], OncePerSecond));

    private IConnectRateGrain Grain(ulong key) => _cluster.Client.GetGrain<IConnectRateGrain>(IConnectRateGrain.PartitionOf(key));
}
