using System.Reflection;

namespace Firezone.Silos.Operations.Pages;

/// <summary>Style sheet, script and icon, from the assembly.</summary>
internal static class PageAssets
{
    private static readonly (string Name, string Type)[] All =
        [("overview.css", "text/css; charset=utf-8"), ("overview.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml")];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, type) in All)
        {
            var bytes = Read(name);
            routes.MapGet($"/{name}", () => Results.Bytes(bytes, type));
        }
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Firezone.Silos.Operations.Pages.Assets.{name}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
