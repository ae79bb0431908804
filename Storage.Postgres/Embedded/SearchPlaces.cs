using System.Runtime.InteropServices;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>Where binaries may be found or obtained on this machine.</summary>
internal sealed record SearchPlaces
{
    /// <summary>The variable that names a directory outright.</summary>
    public const string Variable = "FIREZONE_PG_BIN";

    /// <summary>Value of <see cref="Variable"/>.</summary>
    public string? Explicit { get; init; }

    /// <summary>Directories that may contain <c>node_modules</c>.</summary>
    public IReadOnlyList<string> NodeRoots { get; init; } = [];

    /// <summary>Has one directory per installed major version.</summary>
    public string DistributionRoot { get; init; } = "/usr/lib/postgresql";

    /// <summary>Where <c>npm ci</c> may install to.</summary>
    public required string NpmCache { get; init; }

    /// <summary>The package list that <c>npm ci</c> reads.</summary>
    public string NpmRecipe { get; init; } = Path.Combine(AppContext.BaseDirectory, "Embedded", "npm");

    /// <summary>Path of the program, or null.</summary>
    public string? Npm { get; init; }

    /// <summary>Path of the program, or null; only set when it could work, that is for root.</summary>
    public string? AptGet { get; init; }

    /// <summary>The npm package for this machine, without its scope.</summary>
    public static string Platform { get; } = (OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    public static SearchPlaces OfThisMachine()
    {
        var cache = Path.Combine(
            // root's home is usually closed to the user that the server runs as.
            Environment.IsPrivilegedProcess ? "/var/cache" : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            "firezone-orleans",
            "postgres");
        var recipe = Path.Combine(AppContext.BaseDirectory, "Embedded", "npm");
        return new SearchPlaces
        {
            Explicit = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : null,
            NodeRoots = [recipe, .. Ancestors(AppContext.BaseDirectory), .. Ancestors(Environment.CurrentDirectory), cache],
            NpmCache = cache,
            Npm = OnPath("npm"),
            AptGet = Environment.IsPrivilegedProcess ? OnPath("apt-get") : null,
        };
    }

    /// <summary>The first executable of this name on <c>PATH</c>.</summary>
    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);

    private static IEnumerable<string> Ancestors(string directory)
    {
        for (var d = new DirectoryInfo(directory); d is not null; d = d.Parent)
            yield return d.FullName;
    }
}
