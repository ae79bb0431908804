using System.Threading.Channels;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Firezone.Grains.Tests.Sessions;

public sealed class PresenceKeeperTests
{
    [Fact]
    public async Task An_announcement_that_fails_in_an_unforeseen_way_does_not_end_the_announcing()
    {
        var time = new FakeTimeProvider();
        var sessions = new LocalSessions();
        var grain = new FailingGrain();
        sessions.Add(new LocalSession(SessionKind.Relay, grain, Guid.NewGuid(), new SessionRef(Guid.NewGuid(), Guid.NewGuid(), null!, time.GetUtcNow()), default, time.GetUtcNow()));
        using var keeper = new PresenceKeeper(new QuietMembership(), sessions, time, NullLogger<PresenceKeeper>.Instance);
        await keeper.StartAsync(CancellationToken.None);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var calls = 0; calls < 3; calls++)
        {
            while (!grain.Calls.Reader.TryRead(out _))
            {
                limit.Token.ThrowIfCancellationRequested();
                time.Advance(PresenceKeeper.Lifetime / 4);
                await Task.Yield();
            }
        }

        await keeper.StopAsync(CancellationToken.None);
    }

    private sealed class FailingGrain : ISessionGrain
    {
        public Channel<bool> Calls { get; } = Channel.CreateUnbounded<bool>();

        public Task Announce()
        {
            Calls.Writer.TryWrite(true);
            throw new InvalidOperationException("Unforeseen.");
        }

        public Task OnAccountChanged() => Task.CompletedTask;

        public Task OnRelaysChanged() => Task.CompletedTask;

        public Task OnDue() => Task.CompletedTask;

        public Task OnRevoked(Guid sessionId, CloseReason reason) => Task.CompletedTask;

        public Task OnVerification(bool verified) => Task.CompletedTask;

        public Task OnFrontEndGone(Guid sessionId) => Task.CompletedTask;

        public Task OnDrained(bool force) => Task.CompletedTask;
    }

    private sealed class QuietMembership : IClusterMembershipService
    {
        private readonly Channel<ClusterMembershipSnapshot> _updates = Channel.CreateUnbounded<ClusterMembershipSnapshot>();

        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => _updates.Reader.ReadAllAsync();

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => default;

        public Task<bool> TryKill(SiloAddress siloAddress) => Task.FromResult(false);
    }
}
