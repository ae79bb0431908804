using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Firezone.Operations.Tests.Support;
using Firezone.Silos.Operations.Collecting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Firezone.Operations.Tests.Pages;

/// <summary>What the Orleans dashboard measures, and when.</summary>
public sealed class DashboardCollectionTests
{
    [Fact]
    public async Task All_silos_collect_from_the_first_look_at_the_dashboard_of_one()
    {
        await using var first = await OperationsNode.StartAsync();
        await using var second = await OperationsNode.StartAsync(first.ConnectionString, ("FrontEnd:Name", "front-end-2"));
        using (await first.SendAsync("/", first.Token))
            Assert.False(first.Service<DashboardCollection>().IsOn);
        using (var refused = await first.SendAsync("/dashboard/", "no token"))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.False(first.Service<DashboardCollection>().IsOn);

        using (var look = await first.SendAsync("/dashboard/", first.Token))
            Assert.Equal(HttpStatusCode.OK, look.StatusCode);
        Assert.True(first.Service<DashboardCollection>().IsOn);
        Assert.True(second.Service<DashboardCollection>().IsOn);
        var other = second.Service<ILocalSiloDetails>().SiloAddress.ToParsableString();
        await SeesCountersAsync(first, other);
    }

    [Fact]
    public async Task It_ends_fifteen_minutes_after_the_last_look_and_begins_again_with_the_next()
    {
        var time = new FakeTimeProvider();
        var made = new List<Collector>();
        await using var collection = new DashboardCollection(
            () =>
            {
                made.Add(new Collector());
                return made[^1];
            },
            time,
            NullLogger<DashboardCollection>.Instance);
        await collection.LookAsync();
        time.Advance(TimeSpan.FromMinutes(10));
        await collection.LookAsync();
        time.Advance(TimeSpan.FromMinutes(14));
        Assert.True(collection.IsOn);
        time.Advance(TimeSpan.FromMinutes(1));
        await made[0].Disposed.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(collection.IsOn);

        await collection.LookAsync();
        Assert.True(collection.IsOn);
        Assert.Equal(2, made.Count);
        Assert.All(made, c => Assert.True(c.Started));
        await collection.DisposeAsync();
        Assert.True(made[1].Disposed.IsCompleted);
        await collection.LookAsync();
        Assert.False(collection.IsOn);
    }

    [Fact]
    public async Task It_can_begin_again_on_a_silo()
    {
        await using var node = await OperationsNode.StartAsync();
        var silo = node.Service<ILocalSiloDetails>().SiloAddress.ToParsableString();
        var collection = node.Service<DashboardCollection>();
        for (var i = 0; i < 2; i++)
        {
            await collection.LookAsync();
            await SeesCountersAsync(node, silo);
            await collection.EndAsync(TimeSpan.Zero);
            Assert.False(collection.IsOn);
        }
    }

    /// <summary>Until the silo has reported figures of its runtime.</summary>
    private static async Task SeesCountersAsync(OperationsNode node, string silo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        int count;
        do
        {
            using var response = await node.SendAsync($"/dashboard/SiloCounters/{silo}", node.Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            count = (await response.Content.ReadFromJsonAsync<JsonElement>(limit.Token)).GetArrayLength();
        }
        while (count == 0);
    }

    private sealed class Collector : IHostedService, IAsyncDisposable
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Started { get; private set; }

        public Task Disposed => _disposed.Task;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Started = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            _disposed.SetResult();
            return ValueTask.CompletedTask;
        }
    }
}
