using CsCheck;
using Firezone.Grains.Hosting;

namespace Firezone.Grains.Tests.Hosting;

public sealed class DueQueueTests
{
    [Fact]
    public void Keys_come_out_when_they_are_due_and_in_order()
    {
        var queue = new DueQueue<string>();
        Assert.True(queue.Set("b", At(2)));
        Assert.False(queue.Set("c", At(3)));
        Assert.True(queue.Set("a", At(1)));
        Assert.False(queue.TryPopDue(At(1).AddTicks(-1), out _));
        Assert.Equal(["a", "b"], PopAll(queue, At(2)));
        Assert.Equal(At(3), queue.NextDue);
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void A_key_has_one_instant()
    {
        var queue = new DueQueue<string>();
        queue.Set("a", At(1));
        Assert.False(queue.Set("a", At(5)));
        Assert.False(queue.TryPopDue(At(4), out _));
        Assert.True(queue.Set("a", At(2)));
        Assert.Equal(At(2), queue.DueOf("a"));
        Assert.Equal(["a"], PopAll(queue, At(9)));
        Assert.False(queue.Remove("a"));
    }

    [Fact]
    public void A_key_that_is_rescheduled_a_hundred_thousand_times_leaves_nothing_behind()
    {
        var queue = new DueQueue<int>();
        for (var key = 0; key < 10; key++)
            queue.Set(key, At(key));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
            queue.Set(5, At(i % 1000));
        // Not a byte for each; what the runtime itself allocates meanwhile is none of the queue's.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(10, queue.Count);
        Assert.Equal(10, PopAll(queue, At(2000)).Count);
        Assert.Null(queue.NextDue);
    }

    [Fact]
    public void Any_sequence_of_operations_agrees_with_a_plain_dictionary()
    {
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 30], Gen.Int[0, 50]).Array[1, 300].Sample(operations =>
        {
            var queue = new DueQueue<int>();
            var model = new Dictionary<int, int>();
            foreach (var (kind, key, time) in operations)
            {
                if (kind <= 2)
                {
                    var earlier = model.Count == 0 || time < model.Values.Min();
                    model[key] = time;
                    Assert.Equal(earlier, queue.Set(key, At(time)));
                }
                else if (kind == 3)
                {
                    Assert.Equal(model.Remove(key), queue.Remove(key));
                }
                else
                {
                    var due = model.Count > 0 && model.Values.Min() <= time;
                    Assert.Equal(due, queue.TryPopDue(At(time), out var popped));
                    if (due)
                    {
                        Assert.Equal(model.Values.Min(), model[popped]);
                        model.Remove(popped);
                    }
                }

                Assert.Equal(model.Count, queue.Count);
                Assert.Equal(model.Count == 0 ? null : At(model.Values.Min()), queue.NextDue);
                Assert.Equal(model.TryGetValue(key, out var expected) ? At(expected) : null, queue.DueOf(key));
            }

            Assert.Equal(model.OrderBy(x => x.Value).Select(x => x.Value), PopAll(queue, At(99)).Select(key => model[key]));
        });
    }

    [Fact]
    public async Task Concurrent_use_loses_and_doubles_no_key()
    {
        const int keys = 2_000;
        var queue = new DueQueue<int>();
        var popped = new int[4 * keys];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < keys; i++)
            {
                queue.Set((worker * keys) + i, At(i));
                if (i % 3 == 0 && queue.TryPopDue(At(i), out var key))
                    Interlocked.Increment(ref popped[key]);
            }
        })));
        foreach (var key in PopAll(queue, At(keys)))
            popped[key]++;
        Assert.All(popped, count => Assert.Equal(1, count));
    }

    private static List<TKey> PopAll<TKey>(DueQueue<TKey> queue, DateTimeOffset now)
        where TKey : notnull
    {
        var keys = new List<TKey>();
        while (queue.TryPopDue(now, out var key))
            keys.Add(key);
        return keys;
    }

    private static DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
