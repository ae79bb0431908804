using System.Net;
using Firezone.Membership.Postgres.Signals;
using Firezone.Membership.Postgres.Table;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Clients;

/// <summary>
/// What an external client knows of the silos that serve clients, and when its list must be handed out anew. No clock and no I/O; not
/// thread-safe.
/// </summary>
/// <param name="region">Region of this client: silos of it are preferred. Empty: all are alike.</param>
/// <param name="isConnected">Whether this client has a connection to an Orleans gateway.</param>
internal sealed class GatewayView(string region, Func<IPEndPoint, bool> isConnected)
{
    private const int MaxRemembered = 4096;

    private readonly Dictionary<SiloId, string> _regions = [];
    private readonly Dictionary<IPEndPoint, SiloId> _lastAt = [];
    private readonly HashSet<SiloId> _leaving = [];
    private HashSet<SiloId> _handedOut = [];
    private GatewayList? _list;

    /// <summary>Version of the table that the list is from; -1 before the first read.</summary>
    internal int Version => _list?.Version ?? -1;

    /// <summary>Whether <see cref="HandOut"/> would give another list than the last time.</summary>
    internal bool HasChanged => !Choose().Select(entry => entry.Silo).ToHashSet().SetEquals(_handedOut);

    /// <summary>Takes what was read from the table. An older version than the present one is ignored.</summary>
    internal void Read(GatewayList list)
    {
        if (list.Version < Version)
            return;
        _list = list;
        var known = list.Entries.Select(entry => entry.Silo).ToHashSet();
        _leaving.IntersectWith(known);
        if (_regions.Count >= MaxRemembered)
            Forget(_regions, silo => !known.Contains(silo));
    }

    /// <summary>Notes where a silo is. Silos that are not in the table yet are remembered too, up to a limit.</summary>
    internal void Heard(SiloId silo, string siloRegion)
    {
        if (_regions.Count < MaxRemembered || _regions.ContainsKey(silo))
            _regions[silo] = siloRegion;
    }

    /// <summary>Notes that a silo is about to stop. Only of silos in the table.</summary>
    internal void SaidGoodbye(SiloId silo)
    {
        if (_list?.Entries.Any(entry => entry.Silo == silo) == true)
            _leaving.Add(silo);
    }

    /// <summary>
    /// Hands out the list. A silo that leaves stays on it for a client that is connected to it: Orleans would cut the connection, on which
    /// replies are still due. New work does not go there, since the silo tells its clients itself to send no more.
    /// </summary>
    /// <param name="reborn">Whether a silo runs at an address at which this client knew an older one.</param>
    internal IReadOnlyList<SiloAddress> HandOut(out bool reborn)
    {
        var chosen = Choose();
        reborn = chosen.Any(entry => _lastAt.TryGetValue(entry.Gateway.Endpoint, out var last) && last != entry.Silo);
        if (_lastAt.Count >= MaxRemembered)
            _lastAt.Clear();
        foreach (var entry in chosen)
            _lastAt[entry.Gateway.Endpoint] = entry.Silo;
        _handedOut = [.. chosen.Select(entry => entry.Silo)];
        return [.. chosen.Select(entry => entry.Gateway)];
    }

    private List<GatewayEntry> Choose()
    {
        if (_list is null)
            return [];
        var usable = _list.Entries.Where(IsUsable).ToList();
        var near = region.Length > 0 ? usable.Where(entry => _regions.GetValueOrDefault(entry.Silo) == region).ToList() : [];
        var leaving = _list.Entries.Where(entry => !IsUsable(entry) && _handedOut.Contains(entry.Silo) && isConnected(entry.Gateway.Endpoint));
        return [.. near.Count > 0 ? near : usable, .. leaving];
    }

    private bool IsUsable(GatewayEntry entry) => entry.Status == SiloStatus.Active && !_leaving.Contains(entry.Silo);

    private static void Forget(Dictionary<SiloId, string> regions, Func<SiloId, bool> which)
    {
        foreach (var silo in regions.Keys.Where(which).ToList())
            regions.Remove(silo);
    }
}
