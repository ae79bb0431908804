using System.Text.Json;

namespace Firezone.Membership.Node.Running;

/// <summary>Writes one JSON object per line and event to standard output: <c>t</c> is the wall clock in microseconds since 1970, <c>e</c> the event.</summary>
internal static class EventWriter
{
    private static readonly Lock Gate = new();
    private static readonly StreamWriter Out = new(Console.OpenStandardOutput()) { AutoFlush = true };

    public static void Write(string name, object? data = null) => Write(name, Now(), data);

    /// <param name="name">What happened.</param>
    /// <param name="time">When, as from <see cref="Now"/>.</param>
    /// <param name="data">Written as <c>d</c>.</param>
    public static void Write(string name, long time, object? data)
    {
        var line = JsonSerializer.Serialize(new { t = time, e = name, d = data }, JsonSerializerOptions.Web);
        lock (Gate)
            Out.WriteLine(line);
    }

    /// <summary>Microseconds since 1970, comparable between the processes of a machine.</summary>
    public static long Now() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
