namespace Firezone.EndToEnd.Processes;

/// <summary>Where the repository and its built programs are.</summary>
internal static class Repository
{
    private static readonly string Configuration =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    public static string Root { get; } = Find();

    public static string Program(string project)
    {
        var path = Path.Combine(Root, project, "bin", Configuration, "net10.0", $"Firezone.{char.ToUpperInvariant(project[0])}{project[1..]}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} has not been built in {Configuration}: build Firezone.Orleans.sln.", path);
    }

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Firezone.Orleans.sln")))
                return directory.FullName;
        }

        throw new DirectoryNotFoundException($"Firezone.Orleans.sln is not above {AppContext.BaseDirectory}.");
    }
}
