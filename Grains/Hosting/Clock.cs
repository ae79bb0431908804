namespace Firezone.Grains.Hosting;

/// <summary>
/// Key of the <see cref="TimeProvider"/> that drives sessions, so that a test can move their time and leave Orleans' own alone.
/// </summary>
public static class Clock
{
    /// <summary>Service key.</summary>
    public const string Sessions = "firezone.sessions";
}
