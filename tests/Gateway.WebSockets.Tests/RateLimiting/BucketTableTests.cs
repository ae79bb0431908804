using Firezone.Grains.Abstractions.RateLimiting;
using Xunit.Abstractions;

namespace Firezone.Gateway.WebSockets.Tests.RateLimiting;

public sealed class BucketTableTests(ITestOutputHelper output)
{
    private const long Start = 1_800_000_000;

    [Fact]
    public void Verdicts_are_those_of_one_bucket_per_key_that_is_refilled_by_whole_seconds()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 50; run++)
        {
            var rate = new ConnectRate(random.Next(1, 4), random.NextDouble() * 2 + 0.01);
            var table = new BucketTable(16, (ulong)random.NextInt64());
            var model = new Dictionary<ulong, (double Tokens, long Second)>();
            var second = Start;
            for (var step = 0; step < 1_000; step++)
            {
                second += random.Next(4) == 0 ? random.Next(1, 5) : 0;
                var key = (ulong)random.Next(1, BucketTable.Ways + 1); // No more than fit into one row.
                var (tokens, at) = model.GetValueOrDefault(key, (rate.Capacity, second));
                tokens = Math.Min(rate.Capacity, tokens + (second - at) * rate.RefillPerSecond);
                Assert.Equal(tokens >= 1, table.TryTake(key, second, rate));
                model[key] = (tokens >= 1 ? tokens - 1 : tokens, second);
            }
        }
    }

    [Fact]
    public void Several_processes_that_ask_one_partition_let_pass_what_one_bucket_would()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 50; run++)
        {
            var rate = new ConnectRate(random.Next(1, 4), random.NextDouble() * 2 + 0.01);
            var locals = Enumerable.Range(0, 3).Select(_ => new BucketTable(2, 1)).ToArray();
            var (cluster, alone) = (new BucketTable(2, 1), new BucketTable(2, 1));
            var second = Start;
            for (var step = 0; step < 1_000; step++)
            {
                second += random.Next(4) == 0 ? random.Next(1, 5) : 0;
                var key = (ulong)random.Next(1, 4);
                var local = locals[random.Next(locals.Length)];
                var passes = local.TryTake(key, second, rate);
                if (passes && !cluster.TryTake(key, second, rate))
                {
                    local.GiveBack(key, second, rate);
                    Assert.False(local.TryTake(key, second, rate));
                    passes = false;
                }

                Assert.Equal(alone.TryTake(key, second, rate), passes);
            }
        }
    }

    [Fact]
    public void What_one_table_has_given_out_can_be_taken_over_by_another()
    {
        var rate = new ConnectRate(3, 0.5);
        var (from, to) = (new BucketTable(4, 3), new BucketTable(8, 5));
        for (ulong key = 1; key <= 3; key++)
        {
            for (ulong taken = 0; taken < key; taken++)
                Assert.True(from.TryTake(key, Start, rate));
        }

        from.TryTake(4, Start - 100, rate); // Full again by now.
        Assert.True(to.TryTake(2, Start, rate));
        Assert.True(to.TryTake(2, Start, rate));
        Assert.True(to.TryTake(2, Start, rate));

        var levels = from.NotFull(Start, rate);
        Assert.Equal([(1UL, 2d), (2UL, 1d), (3UL, 0d)], levels.OrderBy(l => l.Key).ToArray());
        foreach (var (key, tokens) in levels)
            to.Lower(key, tokens, Start, rate);

        int[] left = [0, 2, 0, 0, 3];
        for (ulong key = 1; key <= 4; key++)
            Assert.Equal(left[key], Enumerable.Range(0, 5).Count(_ => to.TryTake(key, Start, rate)));
    }

    [Fact]
    public void The_bucket_that_was_touched_longest_ago_is_forgotten()
    {
        var rate = new ConnectRate(1, 0.001);
        var table = new BucketTable(2, secret: 0); // Keys that differ in their low bits share a row.
        for (ulong key = 1; key <= BucketTable.Ways; key++)
            Assert.True(table.TryTake(key, Start + (long)key, rate));
        Assert.True(table.TryTake(100, Start + 20, rate));

        Assert.False(table.TryTake(2, Start + 21, rate));
        Assert.False(table.TryTake(100, Start + 21, rate));
        Assert.True(table.TryTake(1, Start + 21, rate));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    public void Rows_are_a_power_of_two(int rows) => Assert.Throws<ArgumentOutOfRangeException>(() => new BucketTable(rows, 1));
}
