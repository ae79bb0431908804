using System.Globalization;
using System.Runtime.InteropServices;
using Firezone.Gateway.WebSockets.Transport;

namespace Firezone.Gateway.WebSockets.Tests.Transport;

/// <summary>How many descriptors this process may have; as before when disposed.</summary>
internal sealed class FileLimit : IDisposable
{
    private const int OpenFiles = 7;

    private readonly nuint[] _before = new nuint[2];
    private readonly List<int> _fillers = [];

    private FileLimit()
    {
        // Then all free numbers are above those that are taken.
        var highest = Directory.GetFileSystemEntries("/proc/self/fd").Max(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture));
        do
            _fillers.Add(LinuxCalls.CreateEvent());
        while (_fillers[^1] < highest);
        var next = _fillers[^1] + 1;
        Assert.Equal(0, getrlimit(OpenFiles, _before));
        Assert.Equal(0, setrlimit(OpenFiles, [(nuint)(next + Math.Min(64, next / 3)), _before[1]]));
    }

    /// <summary>Leaves no more than a listener leaves to the rest of the process.</summary>
    internal static FileLimit LeaveReserve() => new();

    public void Dispose()
    {
        Assert.Equal(0, setrlimit(OpenFiles, _before));
        _fillers.ForEach(filler => _ = LinuxCalls.close(filler));
    }

    [DllImport("libc")]
    private static extern int getrlimit(int resource, [Out] nuint[] limit);

    [DllImport("libc")]
    private static extern int setrlimit(int resource, [In] nuint[] limit);
}
