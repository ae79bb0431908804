using System.Diagnostics;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>PostgreSQL refuses to run as root. When this process is root, the server runs as an unprivileged user.</summary>
internal static class ServerUser
{
    /// <summary>The unprivileged user.</summary>
    public const string Name = "nobody";

    /// <summary>The server needs a user of its own.</summary>
    public static bool IsNeeded => Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows();

    public static void Apply(ProcessStartInfo start)
    {
        if (IsNeeded)
            start.UserName = Name;
    }

    /// <summary>Gives a directory and all in it to the server's user.</summary>
    /// <exception cref="EmbeddedPostgresException">The owner could not be changed.</exception>
    public static async Task OwnAsync(string directory, CancellationToken ct)
    {
        if (!IsNeeded)
            return;
        var (exit, output) = await Command.RunAsync("chown", ["-R", Name + ":", directory], null, ct);
        if (exit != 0)
        {
            throw new EmbeddedPostgresException(
                $"As root the server runs as '{Name}', but {directory} cannot be given to that user: {output}");
        }
    }

    /// <summary>The first directory on the way that the server's user may not pass, or null if the way is open.</summary>
    public static string? Barrier(string path)
    {
        if (!IsNeeded)
            return null;
        return Ancestors(Path.GetFullPath(path)).FirstOrDefault(directory =>
            !OperatingSystem.IsWindows() && Directory.Exists(directory)
            && !File.GetUnixFileMode(directory).HasFlag(UnixFileMode.OtherExecute));
    }

    // From the root downwards, so that the outermost barrier is named.
    private static IEnumerable<string> Ancestors(string path)
    {
        var parent = Path.GetDirectoryName(path);
        return parent is null ? [] : Ancestors(parent).Append(parent);
    }
}
