using System.Runtime.InteropServices;

namespace Firezone.Gateway.WebSockets.Transport;

/// <summary>
/// One thread that waits for the events of many sockets (<c>epoll</c>) and runs there and then what waits for them: a message is read,
/// and answered if nobody else has to be asked, without another thread being woken for it.
/// </summary>
internal sealed unsafe partial class PollingLoop : IDisposable
{
    private const int MaxEvents = 256;

    // struct epoll_event is packed on x86-64 alone.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - sizeof(ulong);

    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly int _epoll;
    private readonly int _wakeUp;
    private readonly Lock _gate = new();
    private Entry[] _entries = new Entry[256];
    private uint _added;
    private volatile bool _isOver;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="IOException">The process may have no more descriptors.</exception>
    internal PollingLoop(string name, ILogger logger)
    {
        _logger = logger;
        _epoll = LinuxCalls.CreateEpoll();
        _wakeUp = LinuxCalls.CreateEvent();
        if (_epoll < 0 || _wakeUp < 0)
            throw new IOException($"No descriptor for waiting on sockets: error {LinuxCalls.Error}. Raise the limit of open files.");
        Control(LinuxCalls.EpollAdd, _wakeUp, 0, LinuxCalls.Readable);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Ends the thread; what is watched hears no more. Not to be called on it.</summary>
    public void Dispose()
    {
        _isOver = true;
        LinuxCalls.Signal(_wakeUp);
        _thread.Join();
        _ = LinuxCalls.close(_epoll);
        _ = LinuxCalls.close(_wakeUp);
    }

    /// <summary>Watches a descriptor until it is closed. On any thread.</summary>
    /// <exception cref="IOException">The system does not watch any more.</exception>
    internal void Add(int descriptor, IPolled polled, uint events)
    {
        uint turn;
        lock (_gate)
        {
            if (descriptor >= _entries.Length)
            {
                var larger = new Entry[Math.Max(descriptor + 1, 2 * _entries.Length)];
                _entries.CopyTo(larger, 0);
                Volatile.Write(ref _entries, larger);
            }

            // In this order: it is read in the other one.
            _entries[descriptor].Turn = turn = ++_added;
            Volatile.Write(ref _entries[descriptor].Polled, polled);
        }

        if (Control(LinuxCalls.EpollAdd, descriptor, turn, events))
            return;
        var error = LinuxCalls.Error;
        Remove(descriptor, polled);
        throw new IOException($"A socket cannot be watched: error {error}.");
    }

    /// <summary>Changes what is told of a descriptor that is watched.</summary>
    internal void Change(int descriptor, uint events) =>
        Control(LinuxCalls.EpollModify, descriptor, Volatile.Read(ref _entries)[descriptor].Turn, events);

    /// <summary>Tells no more of a descriptor that is about to be closed. On any thread.</summary>
    internal void Remove(int descriptor, IPolled polled)
    {
        lock (_gate)
        {
            if (descriptor < _entries.Length && _entries[descriptor].Polled == polled)
                Volatile.Write(ref _entries[descriptor].Polled, null);
        }
    }

    /// <summary>All that is watched now.</summary>
    internal IEnumerable<IPolled> Watched() => Volatile.Read(ref _entries).Select(entry => entry.Polled).OfType<IPolled>();

    private void Run()
    {
        var events = (byte*)NativeMemory.Alloc(MaxEvents, (nuint)EventSize);
        while (!_isOver)
        {
            var count = LinuxCalls.epoll_wait(_epoll, events, MaxEvents, -1);
            for (var i = 0; i < count; i++)
            {
                var one = new ReadOnlySpan<byte>(events + (i * EventSize), EventSize);
                Tell(MemoryMarshal.Read<ulong>(one[DataOffset..]), MemoryMarshal.Read<uint>(one));
            }
        }

        NativeMemory.Free(events);
    }

    // An event that was fetched together with others may be of the last owner of the number.
    private void Tell(ulong data, uint events)
    {
        var descriptor = (uint)data;
        var entries = Volatile.Read(ref _entries);
        if (descriptor >= entries.Length
            || Volatile.Read(ref entries[descriptor].Polled) is not { } one
            || entries[descriptor].Turn != (uint)(data >> 32))
        {
            return;
        }

        try
        {
            one.OnEvents(events);
        }
        catch (Exception e)
        {
            HandlingFailed(_logger, e);
        }
    }

    private bool Control(int operation, int descriptor, uint turn, uint events)
    {
        var change = stackalloc byte[EventSize];
        MemoryMarshal.Write(new Span<byte>(change, sizeof(uint)), events);
        MemoryMarshal.Write(new Span<byte>(change + DataOffset, sizeof(ulong)), ((ulong)turn << 32) | (uint)descriptor);
        return LinuxCalls.epoll_ctl(_epoll, operation, descriptor, change) == 0;
    }

    [LoggerMessage(EventId = 1181, Level = LogLevel.Error, Message = "What a socket received could not be handled")]
    private static partial void HandlingFailed(ILogger logger, Exception e);

    private struct Entry
    {
        internal IPolled? Polled;

        /// <summary>Distinguishes the owners of one number.</summary>
        internal uint Turn;
    }
}
