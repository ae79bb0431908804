using Firezone.Membership.Postgres.Detection;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Telemetry;

/// <summary>
/// The latest events of the cluster as this silo saw them, and when it last heard each silo: for people who look at the cluster. In memory
/// and bounded. Safe for use from any thread.
/// </summary>
public sealed class MembershipJournal(TimeProvider time)
{
    /// <summary>Older events are forgotten.</summary>
    public const int Capacity = 100;

    private readonly Lock _lock = new();
    private readonly Queue<MembershipEvent> _events = new(Capacity);
    private readonly Dictionary<SiloAddress, (SiloStatus Status, string Name)> _known = [];
    private Func<IEnumerable<HeartbeatAge>>? _ages;
    private bool _seen;

    /// <summary>What is remembered, the oldest first.</summary>
    public IReadOnlyList<MembershipEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    /// <summary>How long ago each living silo was heard, this one included.</summary>
    public IReadOnlyDictionary<SiloAddress, TimeSpan> HeartbeatAges() =>
        Volatile.Read(ref _ages)?.Invoke().ToDictionary(age => age.Silo.ToAddress(), age => age.Age) ?? [];

    internal void Observe(Func<IEnumerable<HeartbeatAge>> heartbeatAges) => Volatile.Write(ref _ages, heartbeatAges);

    /// <summary>Notes what is new in a view of the cluster. What the first one has, but for this silo itself, is no news.</summary>
    internal void Follow(ClusterMembershipSnapshot snapshot, SiloAddress self)
    {
        lock (_lock)
        {
            foreach (var member in snapshot.Members.Values)
            {
                var before = _known.TryGetValue(member.SiloAddress, out var known) ? KindOf(known.Status) : null;
                _known[member.SiloAddress] = (member.Status, member.Name);
                if (KindOf(member.Status) is { } kind && kind != before && (_seen || member.SiloAddress.Equals(self)))
                    Add(member.SiloAddress, kind, null);
            }

            foreach (var gone in _known.Keys.Where(silo => !snapshot.Members.ContainsKey(silo)).ToList())
                _known.Remove(gone);
            _seen = true;
        }
    }

    /// <summary>Notes what the detector thinks.</summary>
    internal void Add(DetectorAction.Note note, SiloAddress self)
    {
        lock (_lock)
        {
            switch (note)
            {
                case DetectorAction.Note.Suspected suspected:
                    Add(suspected.Silo.ToAddress(), MembershipEventKind.Suspected, Words(suspected.Cause));
                    break;
                case DetectorAction.Note.Vouched vouched:
                    Add(vouched.Silo.ToAddress(), MembershipEventKind.Vouched, null);
                    break;
                case DetectorAction.Note.Cleared cleared:
                    Add(cleared.Silo.ToAddress(), MembershipEventKind.Cleared, Words(cleared.End));
                    break;
                case DetectorAction.Note.WentBlind blind:
                    Add(self, MembershipEventKind.Blind, blind.ListenIsUp ? "own heartbeats do not come back" : "the LISTEN session is down");
                    break;
                case DetectorAction.Note.Sighted:
                    Add(self, MembershipEventKind.Sighted, null);
                    break;
            }
        }
    }

    private void Add(SiloAddress silo, MembershipEventKind kind, string? detail)
    {
        if (_events.Count == Capacity)
            _events.Dequeue();
        _events.Enqueue(new(time.GetUtcNow(), silo, _known.GetValueOrDefault(silo).Name ?? "", kind, detail));
    }

    private static MembershipEventKind? KindOf(SiloStatus status) => status switch
    {
        SiloStatus.Joining => MembershipEventKind.Joining,
        SiloStatus.Active => MembershipEventKind.Active,
        SiloStatus.ShuttingDown or SiloStatus.Stopping => MembershipEventKind.Leaving,
        SiloStatus.Dead => MembershipEventKind.Dead,
        _ => null,
    };

    // "HeartbeatsMissed" is "heartbeats missed".
    private static string Words(Enum value) => string.Concat(
        value.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
