using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.PortalClient.Retry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Edge.Tests.PortalClient.Support;

/// <summary>A running channel on fake time. Its jitter is always in the middle, so that delays are the nominal ones.</summary>
internal sealed class Device : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<PortalEvent> _events;

    public Device(FakePortal portal, PortalRole role = PortalRole.Client, Func<PortalChannelOptions, PortalChannelOptions>? change = null)
    {
        var options = new PortalChannelOptions
        {
            Portal = portal.Address,
            Role = role,
            Token = "secret\n",
            UserAgent = "Ubuntu/24.4.0 headless-client/1.5.7 (x86_64; 6.8.0)",
            PublicKey = role == PortalRole.Relay ? null : "a+b/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            StampSecret = role == PortalRole.Relay ? "stamp" : null,
            Parameters = new Dictionary<string, string?> { ["external_id"] = "device 1" },
            Retry = new RetrySettings { PartitionLimit = role.DefaultPartitionLimit(), Jitter = 0 },
        };
        Channel = new PortalChannel(change?.Invoke(options) ?? options, Time, NullLogger<PortalChannel>.Instance);
        _events = Channel.ReadEventsAsync(CancellationToken.None).GetAsyncEnumerator();
        Running = Channel.RunAsync(_stop.Token);
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-02-04T12:00:00Z"));

    public PortalChannel Channel { get; }

    public Task<PortalFatal?> Running { get; }

    /// <summary>The next event, which must be of this type.</summary>
    public async Task<T> ExpectAsync<T>()
        where T : PortalEvent
    {
        Assert.True(await _events.MoveNextAsync().AsTask().WaitAsync(FakePortal.Patience), "the channel has ended");
        return Assert.IsType<T>(_events.Current);
    }

    public async Task<PortalFatal?> EndAsync() => await Running.WaitAsync(FakePortal.Patience);

    public Task StopAsync() => _stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // A portal that does not answer a Close frame has a second; give it that.
        while (!Running.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await _events.DisposeAsync();
        _stop.Dispose();
    }
}
