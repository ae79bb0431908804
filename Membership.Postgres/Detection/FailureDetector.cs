using System.Diagnostics.CodeAnalysis;
using Note = Firezone.Membership.Postgres.Detection.DetectorAction.Note;

namespace Firezone.Membership.Postgres.Detection;

/// <summary>
/// Decides for one silo whom to watch, suspect, ask and declare dead. Pure: it has no clock and does nothing itself. Not thread-safe.
/// One loop gives it what happened, then calls <see cref="Advance"/>, carries out what <see cref="TryTake"/> gives without waiting for the ends, and
/// sleeps until the next happening or <see cref="NextDeadline"/>. Times are readings of one monotonic clock and must not go back.
/// </summary>
public sealed partial class FailureDetector
{
    private readonly DetectorSettings _settings;
    private readonly Queue<DetectorAction> _actions = new();
    private readonly Sight _sight;
    private readonly RefreshPlan _refresh;
    private readonly Peer _self;
    private readonly Dictionary<SiloId, Peer> _peers = [];
    private readonly Dictionary<SiloId, Peer> _strangers = [];
    private MemberView? _view;
    private Ring _ring = new([]);
    private TimeSpan? _strangerRefresh;

    public FailureDetector(SiloId self, DetectorSettings settings)
    {
        _settings = settings;
        _sight = new Sight(settings);
        _refresh = new RefreshPlan(settings);
        _self = new Peer(self);
    }

    /// <summary>Whether this silo hears the signals, so that silence of others means something.</summary>
    public bool IsSighted => _sight.IsSighted;

    private bool Judges => _sight.IsSighted && IsInRing(_self) && _self.IsStarted;

    private int ViewVersion => _view?.Version ?? 0;

    /// <summary>A new view, own changes included. Older versions than the last are ignored.</summary>
    public void ViewChanged(TimeSpan now, MemberView view)
    {
        Expire(now);
        if (view.Version < ViewVersion)
            return;
        _view = view;
        foreach (var gone in _peers.Values.Where(peer => !IsEvictable(view.Members.GetValueOrDefault(peer.Id, MemberStatus.Dead))).ToList())
        {
            End(now, gone.Suspicion, SuspicionEnd.Dead);
            _peers.Remove(gone.Id);
            // A silo that stood still may come back as a leaver when its dead row is removed already: it must not pass for one never heard.
            if (gone.LastHeard is not null)
                AddStranger(new Peer(gone.Id) { LastHeard = gone.LastHeard });
        }

        foreach (var (silo, status) in view.Members)
        {
            if (!IsEvictable(status))
                continue;
            if (!_peers.TryGetValue(silo, out var peer))
            {
                peer = silo == _self.Id ? _self : _strangers.Remove(silo, out var known) ? known : new Peer(silo);
                _peers.Add(silo, peer);
            }

            peer.Status = status;
            if (!peer.IsStarted)
                Leaves(now, peer);
        }

        _ring = new Ring(_peers.Values);
        if (!Judges)
            WithdrawAll(now);
    }

    /// <summary>LISTEN is in effect. May be repeated.</summary>
    public void ListenUp(TimeSpan now)
    {
        Expire(now);
        if (_sight.Up())
            _refresh.AskEverything();
    }

    /// <summary>The LISTEN session is lost.</summary>
    public void ListenDown(TimeSpan now)
    {
        Expire(now);
        if (_sight.Down())
            WentBlind(now);
    }

    /// <summary>A heartbeat, the own one included.</summary>
    public void Heard(TimeSpan now, SiloId silo, bool holdsLock)
    {
        Expire(now);
        if (silo == _self.Id)
        {
            if (_sight.Echo(now))
                _actions.Enqueue(new Note.Sighted());
            return;
        }

        if (Find(now, silo, mayRefresh: true) is not { } peer)
            return;
        peer.LastHeard = now;
        peer.HeardCount++;
        peer.HoldsLock = holdsLock;
        peer.EverHeldLock |= holdsLock;
        if (peer.IsStarted && now - peer.LeavingSince > _settings.GoodbyeGrace)
            peer.LeavingSince = null;
        EndSilence(now, peer);
    }

    /// <summary>A goodbye, the own one included.</summary>
    public void SaidGoodbye(TimeSpan now, SiloId silo)
    {
        Expire(now);
        if (silo != _self.Id && Find(now, silo, mayRefresh: false) is { } peer)
            Leaves(now, peer);
    }

    /// <summary>Somebody says that the table has this version.</summary>
    public void VersionAnnounced(TimeSpan now, int version)
    {
        Expire(now);
        _refresh.Announce(version);
    }

    /// <summary>End of a <see cref="DetectorAction.Refresh"/>.</summary>
    public void RefreshCompleted(TimeSpan now, bool ok)
    {
        Expire(now);
        _refresh.Completed(now, ViewVersion, ok);
    }

    /// <summary>Does what is due. To be called after the other calls, and at <see cref="NextDeadline"/>.</summary>
    public void Advance(TimeSpan now)
    {
        Expire(now);
        if (_refresh.TryStart(now, ViewVersion, out var version))
            _actions.Enqueue(new DetectorAction.Refresh(version));
        Judge(now);
        PlanWatches();
    }

    /// <summary>When <see cref="Advance"/> has something to do next; null: not before something else happens.</summary>
    public TimeSpan? NextDeadline => Earlier(Earlier(_sight.Deadline, _refresh.Deadline(ViewVersion)), JudgeDeadline);

    /// <summary>Gives the next action; to be called until it gives none.</summary>
    public bool TryTake([NotNullWhen(true)] out DetectorAction? action) => _actions.TryDequeue(out action);

    private static bool IsEvictable(MemberStatus status) =>
        status is MemberStatus.Joining or MemberStatus.Active or MemberStatus.ShuttingDown or MemberStatus.Stopping;

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    private bool IsInRing(Peer peer) => _peers.ContainsKey(peer.Id);

    private void Expire(TimeSpan now)
    {
        if (_sight.Expire(now))
            WentBlind(now);
    }

    private void WentBlind(TimeSpan now)
    {
        _actions.Enqueue(new Note.WentBlind(_sight.ListenIsUp));
        WithdrawAll(now);
    }

    private void Leaves(TimeSpan now, Peer peer)
    {
        if (peer.LeavingSince is not null || peer == _self)
            return;
        peer.LeavingSince = now;
        _actions.Enqueue(new Note.Leaving(peer.Id));
        // To say so is a sign of life.
        EndSilence(now, peer);
    }

    private Peer? Find(TimeSpan now, SiloId silo, bool mayRefresh)
    {
        if (_peers.TryGetValue(silo, out var peer))
            return peer;
        var isListed = _view?.Members.TryGetValue(silo, out var status) == true;
        if (isListed && _view!.Members[silo] == MemberStatus.Dead)
            return null;
        if (!isListed && mayRefresh && !(now - _strangerRefresh < _settings.HeartbeatInterval))
        {
            _strangerRefresh = now;
            _refresh.AskEverything();
        }

        return _strangers.TryGetValue(silo, out peer) ? peer : AddStranger(new Peer(silo));
    }

    private Peer AddStranger(Peer peer)
    {
        if (_strangers.Count >= _settings.MaxStrangers)
            _strangers.Remove(_strangers.Values.MinBy(stranger => stranger.LastHeard ?? stranger.LeavingSince)!.Id);
        _strangers[peer.Id] = peer;
        return peer;
    }
}
