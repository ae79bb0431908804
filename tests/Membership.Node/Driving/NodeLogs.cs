namespace Firezone.Membership.Node.Driving;

/// <summary>Where nodes leave everything that they say, for whoever looks for a fault: the directory that <c>FIREZONE_NODE_LOGS</c> names, if it does.</summary>
internal static class NodeLogs
{
    private static readonly string? Directory = Environment.GetEnvironmentVariable("FIREZONE_NODE_LOGS") is { Length: > 0 } set ? set : null;

    public static bool IsOn => Directory is not null;

    /// <summary>Null when nobody wants to have them.</summary>
    public static TextWriter? Open(string name)
    {
        if (Directory is null)
            return null;
        System.IO.Directory.CreateDirectory(Directory);
        return TextWriter.Synchronized(new StreamWriter(Path.Combine(Directory, name + ".log")) { AutoFlush = true });
    }
}
