using System.Threading.Channels;
using Firezone.Gateway.WebSockets.Transport;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Transport;

/// <summary>A descriptor that a test makes readable.</summary>
internal sealed class Bell(Action heard) : IPolled, IDisposable
{
    private readonly Channel<uint> _heard = Channel.CreateUnbounded<uint>();
    private int _count;

    internal int Descriptor { get; } = LinuxCalls.CreateEvent();

    /// <summary>How often it was heard.</summary>
    internal int Count => Volatile.Read(ref _count);

    public void OnEvents(uint events)
    {
        Interlocked.Increment(ref _count);
        try
        {
            heard();
        }
        finally
        {
            _heard.Writer.TryWrite(events);
        }
    }

    /// <summary>Returns when it was heard.</summary>
    internal async Task RingAsync()
    {
        LinuxCalls.Signal(Descriptor);
        await _heard.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);
    }

    public void Dispose() => _ = LinuxCalls.close(Descriptor);
}
