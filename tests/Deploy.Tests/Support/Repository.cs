namespace Firezone.Deploy.Tests.Support;

/// <summary>Where the repository is.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Chart { get; } = Path.Combine(Root, "helm", "firezone-orleans");

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

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
