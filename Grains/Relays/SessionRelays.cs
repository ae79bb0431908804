using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Sessions;
using Firezone.Wire.Relay;

namespace Firezone.Grains.Relays;

/// <summary>The relays of one client's or gateway's session. Owned by its grain.</summary>
public sealed class SessionRelays
{
    private readonly RelayAssignment _assignment = new();
    private IReadOnlyList<RelayPresence> _selected = [];

    /// <summary>Selects the relays of <c>init</c>.</summary>
    public void Start(RelaySnapshot online, Location peer, LocalSession session)
    {
        _selected = _assignment.Start(online.Relays, peer, Random.Shared);
        Publish(session);
    }

    /// <summary>Selects anew if the device has to be told others; false if nothing is to be pushed.</summary>
    public bool TryUpdate(RelaySnapshot online, Location peer, LocalSession session, out IReadOnlyList<Guid> gone)
    {
        gone = [];
        if (_assignment.OnSnapshot(online.Relays, peer, Random.Shared) is not { } update)
            return false;
        (gone, _selected) = (update.Gone, update.Connected);
        Publish(session);
        return true;
    }

    /// <summary>What the device is sent.</summary>
    public List<RelayEntry> Entries(string peerPublicKey, DateTimeOffset expiresAt) => TurnEntries.For(_selected, peerPublicKey, expiresAt);

    /// <summary>Fingerprint of the selection.</summary>
    public ulong Hash
    {
        get
        {
            Span<byte> ids = stackalloc byte[16 * RelaySelector.Count];
            for (var i = 0; i < _selected.Count; i++)
                _selected[i].RelayId.TryWriteBytes(ids[(16 * i)..]);
            return ViewHashes.Of(ids[..(16 * _selected.Count)]);
        }
    }

    private void Publish(LocalSession session) => session.ToldRelays = [.. _assignment.Remembered];
}
