using System.Collections.Concurrent;
using Firezone.Gateway.WebSockets.Channels;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>All sockets of the process, and the joined ones by session id. Thread-safe.</summary>
internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<Guid, Channel> _channels = new();
    private readonly ConcurrentDictionary<Connection, byte> _connections = new();
    private int _reserved;

    /// <summary>The places of each address.</summary>
    internal AddressPlaces Addresses { get; } = new();

    /// <summary>Open sockets.</summary>
    internal int Count => Volatile.Read(ref _reserved);

    /// <summary>Sockets, joined or not. Weakly consistent.</summary>
    internal IEnumerable<Connection> Connections => _connections.Select(static pair => pair.Key);

    /// <summary>Joined sessions. Weakly consistent.</summary>
    internal IEnumerable<Channel> Channels => _channels.Select(static pair => pair.Value);

    /// <summary>Takes a place for one socket, to be given back by <see cref="Release"/>. False if all are taken.</summary>
    internal bool TryReserve(int max)
    {
        if (Interlocked.Increment(ref _reserved) <= max)
            return true;

        Interlocked.Decrement(ref _reserved);
        return false;
    }

    internal void Release() => Interlocked.Decrement(ref _reserved);

    internal void Add(Connection connection) => _connections.TryAdd(connection, 0);

    internal void Remove(Connection connection) => _connections.TryRemove(connection, out _);

    internal void Add(Channel channel) => _channels.TryAdd(channel.SessionId, channel);

    internal void Remove(Channel channel) => _channels.TryRemove(channel.SessionId, out _);

    internal Channel? Find(Guid sessionId) => _channels.GetValueOrDefault(sessionId);
}
