namespace Firezone.Changes.Bench;

/// <summary>CPU time.</summary>
internal readonly record struct Cost(TimeSpan Silos, TimeSpan Server)
{
    public TimeSpan Total => Silos + Server;

    public static Cost operator -(Cost a, Cost b) => new(a.Silos - b.Silos, a.Server - b.Server);

    public static Cost operator *(Cost a, double factor) => new(a.Silos * factor, a.Server * factor);

    public static Cost operator /(Cost a, double divisor) => new(a.Silos / divisor, a.Server / divisor);
}
