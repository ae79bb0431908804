using System.Collections.Immutable;
using System.Net;
using Firezone.Membership.Postgres.Detection;
using Firezone.Membership.Postgres.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Orleans;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Hosting;

public sealed class MembershipJournalTests
{
    private static readonly SiloAddress Self = SiloAddress.New(IPAddress.Loopback, 11111, 1);
    private static readonly SiloAddress Other = SiloAddress.New(IPAddress.Loopback, 11112, 2);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 20, 0, 0, TimeSpan.Zero));
    private readonly MembershipJournal _journal;

    public MembershipJournalTests() => _journal = new MembershipJournal(_time);

    [Fact]
    public void Who_was_there_before_is_no_news_and_each_change_is()
    {
        Follow((Self, SiloStatus.Joining), (Other, SiloStatus.Active));
        Follow((Self, SiloStatus.Active), (Other, SiloStatus.Active));
        _time.Advance(TimeSpan.FromMinutes(1));
        Follow((Self, SiloStatus.Active), (Other, SiloStatus.ShuttingDown));
        Follow((Self, SiloStatus.Active), (Other, SiloStatus.Stopping));
        Follow((Self, SiloStatus.Active), (Other, SiloStatus.Dead));
        Follow((Self, SiloStatus.Active));
        Assert.Equal(
            [
                (Self, MembershipEventKind.Joining), (Self, MembershipEventKind.Active),
                (Other, MembershipEventKind.Leaving), (Other, MembershipEventKind.Dead),
            ],
            _journal.Events.Select(e => (e.Silo, e.Kind)));
        Assert.Equal(_time.GetUtcNow(), _journal.Events[^1].At);
        Assert.Equal("silo 11112", _journal.Events[^1].SiloName);
    }

    [Fact]
    public void What_the_detector_thinks_is_noted_with_its_reason()
    {
        Follow((Self, SiloStatus.Active), (Other, SiloStatus.Active));
        _journal.Add(new DetectorAction.Note.Suspected(1, SiloId.Of(Other), SuspicionCause.MissedHeartbeats), Self);
        _journal.Add(new DetectorAction.Note.Vouched(1, SiloId.Of(Other), null), Self);
        _journal.Add(new DetectorAction.Note.Cleared(1, SiloId.Of(Other), SuspicionCause.MissedHeartbeats, SuspicionEnd.Answered, TimeSpan.Zero), Self);
        _journal.Add(new DetectorAction.Note.WentBlind(ListenIsUp: false), Self);
        _journal.Add(new DetectorAction.Note.Sighted(), Self);
        Assert.Equal(
            ["Suspected: missed heartbeats", "Vouched: ", "Cleared: answered", "Blind: the LISTEN session is down", "Sighted: "],
            _journal.Events.Skip(1).Select(e => $"{e.Kind}: {e.Detail}"));
    }

    [Fact]
    public void Only_the_latest_are_remembered()
    {
        for (var i = 0; i < MembershipJournal.Capacity * 2; i++)
            _journal.Add(i % 2 == 0 ? new DetectorAction.Note.WentBlind(true) : new DetectorAction.Note.Sighted(), Self);
        Assert.Equal(MembershipJournal.Capacity, _journal.Events.Count);
        Assert.Equal(MembershipEventKind.Sighted, _journal.Events[^1].Kind);
    }

    private void Follow(params (SiloAddress Silo, SiloStatus Status)[] members) => _journal.Follow(
        new ClusterMembershipSnapshot(
            members.ToImmutableDictionary(m => m.Silo, m => new ClusterMember(m.Silo, m.Status, $"silo {m.Silo.Endpoint.Port}")), new MembershipVersion(1)),
        Self);
}
