using System.Globalization;
using System.Runtime.InteropServices;

namespace Firezone.Shared;

/// <summary>A server process and its children, signalled together.</summary>
internal static class ProcessTree
{
    private const int Sigkill = 9;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    /// <summary>Stops all of them where they are.</summary>
    public static void Pause(int root) => Stopped(root);

    /// <summary>Lets all of them go on.</summary>
    public static void Continue(int root)
    {
        foreach (var child in Children(root))
            _ = Kill(child, Sigcont);
        _ = Kill(root, Sigcont);
    }

    /// <summary>Ends all of them at once, and returns when they have gone.</summary>
    public static async Task KillAsync(int root)
    {
        // Stopped first, so that none reacts to the end of another and none is born meanwhile.
        var all = Stopped(root);
        foreach (var process in all)
            _ = Kill(process, Sigkill);
        while (all.Any(IsAlive))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
    }

    private static int[] Stopped(int root)
    {
        // The root has to stand still before its children are counted: the signal takes a moment to arrive.
        _ = Kill(root, Sigstop);
        while (Status(root) is { State: not ('T' or 'Z') })
            Thread.Yield();
        int[] children = [.. Children(root)];
        foreach (var child in children)
            _ = Kill(child, Sigstop);
        return [root, .. children];
    }

    private static IEnumerable<int> Children(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && Status(id)?.Parent == parent);

    // Where nobody collects orphans, a dead one stays as a zombie.
    private static bool IsAlive(int process) => Status(process) is { State: not 'Z' };

    private static (char State, int Parent)? Status(int process)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process}/stat"); // "1234 (postgres) S 1 …"
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
