using System.Collections.Concurrent;

namespace Firezone.Grains.Status;

/// <summary>What this silo does for the whole cluster at present: the grains of which there is only one say so. Thread-safe.</summary>
public sealed class SiloRoles
{
    private readonly ConcurrentDictionary<string, byte> _held = new();

    /// <summary>In the alphabet's order.</summary>
    public string[] Held => [.. _held.Keys.Order(StringComparer.Ordinal)];

    internal void Take(string role) => _held.TryAdd(role, 0);

    internal void Leave(string role) => _held.TryRemove(role, out _);
}
