using Firezone.Grains.Relays;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Firezone.Grains.Tests.Cluster;

public sealed class RelayHintTests
{
    [Fact]
    public async Task A_relay_is_attached_while_the_stream_of_hints_hangs()
    {
        var faults = new Faults();
        await using var cluster = await GrainCluster.StartAsync(configure: silo => silo.AddOutgoingGrainCallFilter(faults));
        var peers = await TestPeers.CreateAsync(cluster);
        faults.StreamHangs = true;
        try
        {
            await peers.ConnectRelayAsync("secret-a").WaitAsync(TimeSpan.FromSeconds(20));
            Assert.True(faults.HasHung);
        }
        finally
        {
            faults.Release();
        }
    }

    [Fact]
    public async Task A_directory_that_does_not_answer_for_a_while_leaves_one_subscription_per_silo()
    {
        var faults = new Faults();
        await using var cluster = await GrainCluster.StartAsync(configure: silo => silo.AddOutgoingGrainCallFilter(faults));
        var peers = await TestPeers.CreateAsync(cluster);
        await peers.ConnectRelayAsync("secret-a");
        var view = cluster.Service<RelayView>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (view.Current.Relays.Count == 0)
            await AskAsync();
        faults.DirectoryFails = true;
        while (faults.Failures < 3)
            await AskAsync();
        faults.DirectoryFails = false;
        var asked = faults.Asked;
        while (faults.Asked < asked + 2)
            await AskAsync();

        var provider = cluster.Service<IServiceProvider>().GetRequiredKeyedService<IStreamProvider>(RelayStream.Provider);
        Assert.Single(await RelayStream.Get(provider).GetAllSubscriptionHandles());

        async Task AskAsync()
        {
            view.Ask();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private sealed class Faults : IOutgoingGrainCallFilter
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _failures;
        private int _asked;

        public volatile bool StreamHangs;

        public volatile bool HasHung;

        public volatile bool DirectoryFails;

        public int Failures => Volatile.Read(ref _failures);

        public int Asked => Volatile.Read(ref _asked);

        public void Release()
        {
            StreamHangs = false;
            _released.SetResult();
        }

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (StreamHangs && context.InterfaceName.Contains("MemoryStreamQueue", StringComparison.Ordinal))
            {
                HasHung = true;
                await _released.Task;
            }

            if (context.MethodName == "GetIfNewer")
            {
                if (DirectoryFails)
                {
                    Interlocked.Increment(ref _failures);
                    throw new TimeoutException("The directory does not answer.");
                }

                Interlocked.Increment(ref _asked);
            }

            await context.Invoke();
        }
    }
}
