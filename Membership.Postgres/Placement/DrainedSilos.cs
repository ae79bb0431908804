using System.Collections.Immutable;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Placement;

/// <summary>
/// The silos that take no new activations of classes with <see cref="PreferRegionAttribute"/> although they do not stop, as long as there are
/// others. A silo says so of itself, with every heartbeat; what is not repeated is forgotten. Safe for use from any thread.
/// </summary>
public sealed class DrainedSilos
{
    /// <summary>Several heartbeats.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly ILocalSiloDetails _local;
    private readonly TimeProvider _time;
    private ImmutableDictionary<SiloAddress, long> _others = ImmutableDictionary<SiloAddress, long>.Empty;
    private volatile bool _self;

    internal DrainedSilos(ILocalSiloDetails local, TimeProvider time) => (_local, _time) = (local, time);

    /// <summary>Raised when this silo's own state has changed; the others are to be told.</summary>
    internal event Action? SelfChanged;

    /// <summary>Whether this silo takes no new activations.</summary>
    public bool Self
    {
        get => _self;
        set
        {
            if (_self == value)
                return;
            _self = value;
            SelfChanged?.Invoke();
        }
    }

    /// <summary>Whether a silo takes no new activations, as far as is known here.</summary>
    public bool Contains(SiloAddress silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        return silo.Equals(_local.SiloAddress)
            ? _self
            : Volatile.Read(ref _others).TryGetValue(silo, out var heard) && _time.GetElapsedTime(heard) < Lifetime;
    }

    /// <summary>A silo has said so of itself.</summary>
    internal void Note(SiloAddress silo, bool on)
    {
        var now = _time.GetTimestamp();
        ImmutableInterlocked.Update(ref _others, others => on ? others.SetItem(silo, now) : others.Remove(silo));
    }

    /// <summary>Forgets those that the view no longer has among the living.</summary>
    internal void KeepOnly(IReadOnlySet<SiloAddress> living) =>
        ImmutableInterlocked.Update(ref _others, others => others.IsEmpty ? others : others.RemoveRange(others.Keys.Where(silo => !living.Contains(silo))));
}
