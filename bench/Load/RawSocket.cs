using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Firezone.Bench.Load;

/// <summary>A non-blocking TCP socket of the kernel, without an object of .NET's own for each of many thousands.</summary>
internal static partial class RawSocket
{
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000;
    private const int Ip = 0;
    private const int BindAddressNoPort = 24;
    private const int Tcp = 6;
    private const int NoDelay = 1;
    private const int SocketLevel = 1;
    private const int PendingError = 4;
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int TooManyFiles = 24;
    private const int InProgress = 115;

    /// <summary>Begins to connect; the socket becomes writable when that is over.</summary>
    /// <param name="to">The server's address as the kernel has it.</param>
    /// <param name="from">Address to connect from, or null.</param>
    /// <exception cref="LoadException">The kernel refuses.</exception>
    public static unsafe int Connect(SocketAddress to, SocketAddress? from)
    {
        var handle = socket(to.Family == AddressFamily.InterNetworkV6 ? 10 : 2, Stream | NonBlocking | CloseOnExec, 0);
        if (handle < 0)
            throw Failed("A socket could not be made");
        try
        {
            Prepare(handle, from);
            fixed (byte* address = to.Buffer.Span)
            {
                if (connect(handle, address, to.Size) < 0 && Marshal.GetLastPInvokeError() != InProgress)
                    throw Failed("A connection could not be made");
            }
        }
        catch
        {
            close(handle);
            throw;
        }

        return handle;
    }

    /// <summary>Zero, or why the connection failed.</summary>
    public static unsafe int Error(int handle)
    {
        int error, length = sizeof(int);
        return getsockopt(handle, SocketLevel, PendingError, &error, &length) < 0 ? Marshal.GetLastPInvokeError() : error;
    }

    /// <summary>Bytes taken by the kernel, 0 if it has no room; -1 if the connection is gone.</summary>
    public static unsafe int Send(int handle, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            var sent = send(handle, pointer, bytes.Length, NoSignal);
            return sent >= 0 ? (int)sent : Marshal.GetLastPInvokeError() is Again or Interrupted ? 0 : -1;
        }
    }

    /// <summary>Bytes received; 0 if the connection is over, null if nothing is there.</summary>
    public static unsafe int? Receive(int handle, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            var received = recv(handle, pointer, buffer.Length, 0);
            return received >= 0 ? (int)received : Marshal.GetLastPInvokeError() is Again or Interrupted ? null : 0;
        }
    }

    public static void Close(int handle) => close(handle);

    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static unsafe void Prepare(int handle, SocketAddress? from)
    {
        var one = 1;
        setsockopt(handle, Tcp, NoDelay, &one, sizeof(int));
        if (from is null)
            return;

        // The port is chosen at connect, by both ends: one address serves for more than one server.
        setsockopt(handle, Ip, BindAddressNoPort, &one, sizeof(int));
        fixed (byte* address = from.Buffer.Span)
        {
            if (bind(handle, address, from.Size) < 0)
                throw Failed("A source address could not be taken");
        }
    }

    private static LoadException Failed(string what) => Marshal.GetLastPInvokeError() is var error && error == TooManyFiles
        ? new LoadException("This process may not open more files; raise the limit ('ulimit -n'): a device takes one.")
        : new LoadException($"{what}: {Describe(error)}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int bind(int handle, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int connect(int handle, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int setsockopt(int handle, int level, int name, void* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getsockopt(int handle, int level, int name, void* value, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint send(int handle, byte* bytes, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint recv(int handle, byte* buffer, nint length, int flags);

    [LibraryImport("libc")]
    private static partial int close(int handle);
}
