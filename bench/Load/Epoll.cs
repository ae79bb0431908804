using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Firezone.Bench.Load;

/// <summary>
/// Linux readiness notification. .NET's own socket engine would serve, but its continuations run on a thread pool, and the measured
/// server has to share this machine's few cores with its load.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const uint Readable = 0x001;
    private const uint Hangup = 0x2000;
    private const int Capacity = 512;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;
    private readonly int _handle = Check(epoll_create1(0x80000));
    private readonly byte[] _events = new byte[Capacity * EventSize];

    /// <summary>Watches a socket until it is closed; level-triggered.</summary>
    /// <param name="socket">The socket's descriptor.</param>
    /// <param name="tag">What <see cref="Wait"/> reports.</param>
    public void Watch(nint socket, int tag)
    {
        Span<byte> ev = stackalloc byte[16];
        ev.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(ev, Readable | Hangup);
        BinaryPrimitives.WriteInt64LittleEndian(ev[DataOffset..], tag);
        unsafe
        {
            fixed (byte* pointer = ev)
                Check(epoll_ctl(_handle, Add, (int)socket, pointer));
        }
    }

    /// <summary>Waits for at most <paramref name="milliseconds"/> and appends the tags of sockets that have something to read.</summary>
    public void Wait(int milliseconds, List<int> ready)
    {
        int count;
        unsafe
        {
            fixed (byte* pointer = _events)
                count = epoll_wait(_handle, pointer, Capacity, milliseconds);
        }

        // A signal may interrupt the wait; that is the same as nothing ready.
        for (var i = 0; i < count; i++)
            ready.Add((int)BinaryPrimitives.ReadInt64LittleEndian(_events.AsSpan(i * EventSize + DataOffset)));
    }

    public void Dispose() => close(_handle);

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* ev);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, byte* events, int capacity, int milliseconds);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
