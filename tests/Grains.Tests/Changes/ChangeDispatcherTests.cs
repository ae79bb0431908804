using System.Diagnostics.Metrics;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Accounts;
using Firezone.Grains.Changes;
using Firezone.Grains.Sessions;
using Firezone.Grains.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;
using TestAccount = Firezone.Grains.Tests.Accounts.TestAccount;

namespace Firezone.Grains.Tests.Changes;

public sealed class ChangeDispatcherTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LocalSessions _sessions = new();
    private readonly ChangeDispatcher _dispatcher;
    private readonly AccountSnapshot _account = new TestAccount().Build();

    public ChangeDispatcherTests() => _dispatcher = new ChangeDispatcher(
        _sessions, new DoubtfulSessions(), new GrainsMetrics(_services.GetRequiredService<IMeterFactory>()));

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_session_that_has_not_heard_of_a_change_is_called_again_with_the_earliest_of_what_it_missed()
    {
        var grain = Client();
        grain.IsDeaf = true;
        _dispatcher.Dispatch(_account, Config(from: 7));
        _dispatcher.Dispatch(_account, Config(from: 8));
        _dispatcher.Repeat();
        Assert.Empty(grain.Changes);

        grain.IsDeaf = false;
        _dispatcher.Repeat();
        Assert.Equal([7], grain.Changes);
        _dispatcher.Repeat();
        _dispatcher.Dispatch(_account, Config(from: 9));
        Assert.Equal([7, 9], grain.Changes);
    }

    [Fact]
    public void A_revoked_session_is_called_until_it_has_gone()
    {
        var grain = Client();
        grain.IsDeaf = true;
        var impact = new AccountImpactBuilder();
        impact.Add(ImpactKind.ClientTokensRemoved, grain.Session.Owner.TokenId, 8);
        _dispatcher.Dispatch(_account, impact.Build(7, 8));
        grain.IsDeaf = false;
        _dispatcher.Repeat();
        Assert.Equal([CloseReason.TokenRevoked], grain.Revocations);

        _sessions.Remove(grain.Session);
        _dispatcher.Repeat();
        _dispatcher.Repeat();
        Assert.Single(grain.Revocations);
    }

    [Fact]
    public void A_change_after_a_revocation_does_not_let_the_session_stay()
    {
        var grain = Client();
        grain.IsDeaf = true;
        _dispatcher.Revoke([grain.Session], CloseReason.DeviceDeleted);
        _dispatcher.Dispatch(_account, Config(from: 7));
        grain.IsDeaf = false;
        _dispatcher.Repeat();
        Assert.Equal([CloseReason.DeviceDeleted], grain.Revocations);
    }

    private RecordingGrain Client()
    {
        var grain = RecordingGrain.Of(SessionKind.Client, new SessionOwner(_account.Id, Guid.NewGuid(), Guid.NewGuid()));
        _sessions.Add(grain.Session);
        return grain;
    }

    private static AccountImpact Config(long from)
    {
        var impact = new AccountImpactBuilder();
        impact.ConfigChanged(from + 1);
        return impact.Build(from, from + 1);
    }
}
