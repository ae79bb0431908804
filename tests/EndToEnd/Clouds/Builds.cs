using System.Reflection;
using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Clouds;

/// <summary>The program as it is delivered, published twice with different versions by <c>./test --faults</c>.</summary>
internal static class Builds
{
    public static readonly string Old = Path.Combine(Repository.Root, "out", "builds", "old", "Firezone.Silos");

    public static readonly string Next = Path.Combine(Repository.Root, "out", "builds", "next", "Firezone.Silos");

    public static bool Exist => File.Exists(Old) && File.Exists(Next);

    public static Version? Version(string program) => AssemblyName.GetAssemblyName(program + ".dll").Version;
}
