using System.Collections.Concurrent;
using Firezone.Grains.Abstractions.Operations;

namespace Firezone.Admin.Tests.Support;

/// <summary>Remembers what was wanted.</summary>
public sealed class TestLogLevels : ILogLevels
{
    private readonly ConcurrentDictionary<string, LogLevelOrder> _orders = new();

    public void Set(LogLevelOrder order)
    {
        if (order.Level is null)
            _orders.TryRemove(order.Category, out _);
        else
            _orders[order.Category] = order;
    }

    public LogLevelOverride[] List() =>
        [.. _orders.Values.Select(order => new LogLevelOverride(order.Category, order.Level!, DateTimeOffset.UnixEpoch + order.For, order.By))];
}
