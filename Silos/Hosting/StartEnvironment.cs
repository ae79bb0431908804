using System.Globalization;
using System.Runtime.InteropServices;

namespace Firezone.Silos.Hosting;

/// <summary>
/// Settings that the runtime and the C library take from the environment only, before any code of the program runs. With them memory that the
/// runtime's compiler has used goes back to the system at once: else up to 16 MB stay in its cache, and what is free in eight arenas per processor.
/// Under load garbage is collected when there is more of it: each collection of the young moves what sessions keep.
/// </summary>
internal static class StartEnvironment
{
    // Bytes of garbage per processor. All processors together take no more than an eighth of the memory that the process may have.
    private const long MostGarbage = 64 << 20;

    private static readonly (string Name, string Value)[] Settings =
    [
        ("DOTNET_GCgen0size",
            Garbage(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Environment.ProcessorCount).ToString("x", CultureInfo.InvariantCulture)),
        ("DOTNET_JitHostMaxSlabCache", "0"),
        ("MALLOC_ARENA_MAX", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        ("MALLOC_TRIM_THRESHOLD_", "131072"),
    ];

    /// <summary>
    /// Starts the program anew within this process, with the settings that are missing, as a command before it would have given them. Nothing
    /// happens if none is missing, or if it is not a program of its own, as in a development build that <c>dotnet</c> runs.
    /// </summary>
    internal static void Complete(string[] args)
    {
        var missing = Settings.Where(setting => Environment.GetEnvironmentVariable(setting.Name) is null).ToArray();
        if (!OperatingSystem.IsLinux() || missing.Length == 0 || Environment.ProcessPath is not { } program
            || Path.GetFileName(program) != typeof(StartEnvironment).Assembly.GetName().Name)
            return;
        var environment = Environment.GetEnvironmentVariables();
        foreach (var (name, value) in missing)
            environment[name] = value;
        string?[] variables = [.. environment.Keys.Cast<string>().Select(name => $"{name}={environment[name]}"), null];
        // It returns only if it fails; then the program runs as it is.
        _ = Execute(program, [program, .. args, null], variables);
    }

    /// <summary>How much garbage each of the processors may collect, in bytes; 0 leaves it to the runtime, which takes as much as fits its cache.</summary>
    internal static long Garbage(long memory, int processors)
    {
        var share = Math.Min(MostGarbage, memory / 8 / processors);
        return share < MostGarbage / 4 ? 0 : share;
    }

    [DllImport("libc", EntryPoint = "execve", CharSet = CharSet.Ansi)]
    private static extern int Execute(string path, string?[] arguments, string?[] environment);
}
