using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>Sees to it that the server's user can get at what it needs.</summary>
internal static partial class ClusterPlace
{
    /// <summary>
    /// The wanted directory, or one elsewhere if the server's user cannot pass a directory above it (typical: a work tree below
    /// <c>/root</c>). The replacement follows from the wanted path, so that the next start finds it again.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">Neither can be reached.</exception>
    public static string Reachable(string wanted, bool durable, ILogger logger)
    {
        wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted));
        if (ServerUser.Barrier(wanted) is not { } barrier)
        {
            Directory.CreateDirectory(wanted);
            return wanted;
        }
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..12];
        var fallback = Path.Combine(durable ? "/var/lib" : Path.GetTempPath(), "firezone-orleans", name);
        Directory.CreateDirectory(fallback);
        if (ServerUser.Barrier(fallback) is { } second)
        {
            throw new EmbeddedPostgresException(
                $"As root the server runs as '{ServerUser.Name}', which may enter neither {barrier} (for {wanted}) nor {second}. "
                + "Choose a data directory elsewhere.");
        }
        LogFallback(logger, wanted, ServerUser.Name, barrier, fallback);
        return fallback;
    }

    /// <summary>The directory of the programs, or of a copy of them if the server's user cannot reach them.</summary>
    public static async Task<string> ReachableProgramsAsync(string bin, ClusterFiles files, ILogger logger, CancellationToken ct)
    {
        if (ServerUser.Barrier(Path.Combine(bin, "postgres")) is not { } barrier)
            return bin;
        var installation = Path.GetDirectoryName(bin)!;
        LogCopied(logger, installation, ServerUser.Name, barrier, files.ProgramCopy);
        if (Directory.Exists(files.ProgramCopy))
            Directory.Delete(files.ProgramCopy, recursive: true);
        var (exit, output) = await Command.RunAsync("cp", ["-a", installation, files.ProgramCopy], null, ct);
        return exit == 0
            ? Path.Combine(files.ProgramCopy, Path.GetFileName(bin))
            : throw new EmbeddedPostgresException($"The programs in {installation} cannot be copied to {files.ProgramCopy}: {output}");
    }

    [LoggerMessage(3036, LogLevel.Warning, "Data directory {Wanted}: user {User} may not enter {Barrier}; using {Fallback} instead")]
    private static partial void LogFallback(ILogger logger, string wanted, string user, string barrier, string fallback);

    [LoggerMessage(3037, LogLevel.Information, "Programs in {Installation}: user {User} may not enter {Barrier}; copied to {Copy}")]
    private static partial void LogCopied(ILogger logger, string installation, string user, string barrier, string copy);
}
