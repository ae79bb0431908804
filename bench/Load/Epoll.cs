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
    private const uint Writable = 0x004;
    private const uint Failed = 0x008;
    private const uint HungUp = 0x010;
    private const uint PeerHungUp = 0x2000;
    private const uint EdgeTriggered = 1u << 31;
    private const int Capacity = 512;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;
    private readonly int _handle = Check(epoll_create1(0x80000));
    private readonly byte[] _events = GC.AllocateArray<byte>(Capacity * EventSize, pinned: true);

    /// <summary>
    /// Watches a socket until it is closed, edge-triggered: it is reported when it becomes writable and whenever something arrives. A read
    /// that fills its buffer only in part has taken everything, so that no socket costs a second call.
    /// </summary>
    public void Watch(int socket, int tag)
    {
        Span<byte> ev = stackalloc byte[16];
        ev.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(ev, Readable | Writable | PeerHungUp | EdgeTriggered);
        BinaryPrimitives.WriteInt64LittleEndian(ev[DataOffset..], tag);
        unsafe
        {
            fixed (byte* pointer = ev)
                Check(epoll_ctl(_handle, Add, socket, pointer));
        }
    }

    /// <summary>Waits for at most so long and returns how many sockets have something; see <see cref="Read"/>.</summary>
    public int Wait(int milliseconds)
    {
        unsafe
        {
            // A signal may interrupt the wait; that is the same as nothing ready.
            fixed (byte* pointer = _events)
                return Math.Max(0, epoll_wait(_handle, pointer, Capacity, milliseconds));
        }
    }

    /// <summary>What a socket has, after <see cref="Wait"/>.</summary>
    public (int Tag, bool CanSend, bool CanReceive, bool Ended) Read(int index)
    {
        var ev = _events.AsSpan(index * EventSize);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(ev);
        return (
            (int)BinaryPrimitives.ReadInt64LittleEndian(ev[DataOffset..]),
            (flags & Writable) != 0,
            (flags & (Readable | Failed | HungUp | PeerHungUp)) != 0,
            (flags & (Failed | HungUp | PeerHungUp)) != 0);
    }

    public void Dispose() => close(_handle);

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* ev);

    [LibraryImport("libc")]
    private static unsafe partial int epoll_wait(int epoll, byte* events, int capacity, int milliseconds);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
