using System.Threading.Channels;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>What a fake has been called with, in order, to be waited for.</summary>
internal sealed class Calls<T>
{
    private readonly Channel<T> _channel = Channel.CreateUnbounded<T>();

    internal void Add(T call) => _channel.Writer.TryWrite(call);

    /// <summary>The next call; waits for it with a limit.</summary>
    internal async Task<T> NextAsync() => await _channel.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);

    internal bool IsEmpty => _channel.Reader.Count == 0;
}
