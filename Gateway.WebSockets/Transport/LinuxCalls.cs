using System.Runtime.InteropServices;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>The system calls of the transport, with the numbers that Linux has for them. A failure is -1 and <see cref="Error"/>.</summary>
internal static unsafe partial class LinuxCalls
{
    internal const uint Readable = 0x1, Writable = 0x4, Failed = 0x8, HungUp = 0x10, PeerDone = 0x2000, EdgeTriggered = 0x8000_0000;
    internal const int EpollAdd = 1, EpollModify = 3;
    internal const int Interrupted = 4, TryAgain = 11, NoMemory = 12, TooManyInSystem = 23, TooManyInProcess = 24, NoBuffers = 105;
    internal const int AddressSize = 28;

    private const int CloseOnExec = 0x80000, NonBlocking = 0x800, DontWait = 0x40, NoSignal = 0x4000, ShutdownBoth = 2;
    private const int SocketLevel = 1, LingerOption = 13, OpenFiles = 7;

    /// <summary>Of the last call on this thread.</summary>
    internal static int Error => Marshal.GetLastPInvokeError();

    /// <summary>Whether the last accept on this thread failed because there is nothing left to hold a further connection with.</summary>
    internal static bool IsExhausted => Error is TooManyInProcess or TooManyInSystem or NoBuffers or NoMemory;

    internal static int CreateEpoll() => epoll_create1(CloseOnExec);

    internal static int CreateEvent() => eventfd(0, CloseOnExec | NonBlocking);

    /// <summary>How many descriptors the process may have: all their numbers are less.</summary>
    internal static int DescriptorLimit()
    {
        var limits = stackalloc ulong[2];
        return getrlimit(OpenFiles, limits) == 0 && limits[0] < int.MaxValue ? (int)limits[0] : int.MaxValue;
    }

    internal static void Signal(int handle)
    {
        ulong one = 1;
        _ = write(handle, (byte*)&one, sizeof(ulong));
    }

    internal static nint Receive(SocketHandle socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return recv(socket, start, buffer.Length, DontWait);
    }

    internal static nint Send(SocketHandle socket, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
            return send(socket, start, data.Length, DontWait | NoSignal);
    }

    /// <param name="listener">A listening socket.</param>
    /// <param name="address">Gets the peer's, as <c>struct sockaddr_in</c> or <c>sockaddr_in6</c>.</param>
    /// <param name="length">Gets the length of it.</param>
    internal static int Accept(int listener, Span<byte> address, out int length)
    {
        length = address.Length;
        fixed (byte* start = address)
        fixed (int* size = &length)
            return accept4(listener, start, size, CloseOnExec | NonBlocking);
    }

    internal static bool TryGetLocalAddress(SocketHandle socket, Span<byte> address, out int length)
    {
        length = address.Length;
        fixed (byte* start = address)
        fixed (int* size = &length)
            return getsockname(socket, start, size) == 0;
    }

    /// <summary>Both directions; who waits for either hears of it.</summary>
    internal static void Shutdown(SocketHandle socket) => _ = shutdown(socket, ShutdownBoth);

    /// <summary>What has not been sent when the socket is closed is thrown away, and the peer is told so (RST).</summary>
    internal static void DiscardOnClose(SocketHandle socket)
    {
        var linger = stackalloc int[] { 1, 0 };
        _ = setsockopt(socket, SocketLevel, LingerOption, linger, 2 * sizeof(int));
    }

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_ctl(int epoll, int operation, int handle, byte* change);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int epoll_wait(int epoll, byte* events, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int handle, byte* data, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SocketHandle socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SocketHandle socket, byte* data, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int listener, byte* address, int* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(SocketHandle socket, byte* address, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(SocketHandle socket, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(SocketHandle socket, int level, int option, void* value, int length);
}
