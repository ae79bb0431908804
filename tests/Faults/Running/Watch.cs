using Firezone.Membership.Node.Driving;

namespace Firezone.Faults.Running;

/// <summary>Statements about what must stay as it is for a while.</summary>
internal static class Watch
{
    /// <summary>Lets time pass while the nodes run; ends early, with a failure, when one of the processes ends.</summary>
    public static async Task PassAsync(TimeSpan duration, IEnumerable<NodeProcess> nodes)
    {
        NodeProcess[] watched = [.. nodes];
        var ends = watched.Select(node => node.ExitAsync(duration)).ToArray();
        // Whoever lives has no end within the duration, which is the outcome that is hoped for.
        await Task.WhenAll(ends.Select(end => end.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.All(watched, node => Assert.False(node.HasExited, $"{node.Launch.Role} {node.Launch.SiloPort} has ended.\n{node.Errors}"));
    }

    /// <summary>No silo has had another status than active in the eyes of the observers since then, once it was active.</summary>
    public static void NobodyWasEvicted(IEnumerable<NodeProcess> observers, IEnumerable<NodeProcess> silos, long since)
    {
        string[] names = [.. silos.Select(silo => silo.Silo)];
        foreach (var observer in observers)
        {
            Assert.All(names, name => Assert.True(observer.View.IsActive(name), $"{observer.Silo} sees {observer.View}"));
            foreach (var view in observer.Views.Where(view => view.Time >= since))
                Assert.All(names, name => Assert.True(view.IsActive(name), $"{observer.Silo} saw {view}"));
        }
    }

    /// <summary>No silo that an observer has seen leave came back under the same name.</summary>
    public static void NobodyFlapped(NodeProcess observer)
    {
        HashSet<string> left = [];
        foreach (var view in observer.Views)
        {
            var active = view.Active.ToHashSet();
            Assert.False(left.Overlaps(active), $"{observer.Silo} saw a silo return from the dead: {view}");
            left.UnionWith(view.Silos.Keys.Where(silo => !active.Contains(silo) && view.IsGone(silo)));
        }
    }

    /// <summary>Milliseconds between two times in microseconds.</summary>
    public static double Milliseconds(long from, long to) => (to - from) / 1000.0;
}
