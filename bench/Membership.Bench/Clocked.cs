using Firezone.Membership.Node.Driving;

namespace Firezone.Membership.Bench;

/// <summary>Waits with an end.</summary>
internal static class Clocked
{
    /// <summary>Milliseconds from a time to the latest of those waited for; infinite when one of them was not seen.</summary>
    public static async Task<double> MillisecondsAsync(long from, IEnumerable<Task<long>> seen)
    {
        try
        {
            return ((await Task.WhenAll(seen)).Max() - from) / 1000.0;
        }
        catch (NodeFailedException)
        {
            return double.PositiveInfinity;
        }
    }

    public static Task<double> MillisecondsAsync(long from, Task<long> seen) => MillisecondsAsync(from, [seen]);

    /// <summary>When each of the silos has a view in which the named one is no longer active.</summary>
    public static IEnumerable<Task<long>> Without(IEnumerable<NodeProcess> observers, string silo, long since) =>
        observers.Select(observer => observer.WhenViewAsync(view => !view.IsActive(silo), since, Plan.Cap));

    public static Task<long> Without(NodeProcess client, string gateway, long since) =>
        client.WhenGatewaysAsync(live => !live.Contains(gateway), since, Plan.Cap);
}
