namespace Firezone.Cli.Tests.Running;

/// <summary>The folder that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Firezone.Orleans.sln")))
                return folder.FullName;

        throw new InvalidOperationException($"No Firezone.Orleans.sln in {AppContext.BaseDirectory} or above it.");
    }
}
