using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>How many sockets there are from each address. Remembers nothing of addresses that have none. Thread-safe.</summary>
internal sealed class AddressPlaces
{
    /// <summary>Stands for addresses that are not counted.</summary>
    internal const ulong Uncounted = 0;

    // A prefix of IPv6 that nobody connects from.
    private const ulong Version4 = 0xFFFF_FFFF_0000_0000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, int> _counts = [];

    /// <summary>How many addresses have sockets.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
                return _counts.Count;
        }
    }

    /// <summary>What is counted together: an address, or the 64 bits of IPv6 that one customer has at least.</summary>
    internal static ulong KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? Version4 | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>Takes a place, to be given back by <see cref="Release"/>. False if all of this address are taken.</summary>
    internal bool TryReserve(ulong key, int max)
    {
        if (key == Uncounted)
            return true;
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(key);
            if (count >= max)
                return false;
            _counts[key] = count + 1;
            return true;
        }
    }

    internal void Release(ulong key)
    {
        if (key == Uncounted)
            return;
        lock (_gate)
        {
            if (_counts[key] == 1)
                _counts.Remove(key);
            else
                _counts[key]--;
        }
    }
}
