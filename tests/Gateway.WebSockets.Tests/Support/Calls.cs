using System.Threading.Channels;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>What a fake has been called with, in order, to be waited for.</summary>
internal sealed class Calls<T>
{
    private readonly Channel<T> channel = Channel.CreateUnbounded<T>();

    internal void Add(T call) => channel.Writer.TryWrite(call);

    /// <summary>The next call; waits for it with a limit.</summary>
    internal async Task<T> NextAsync() => await channel.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience);

    internal bool IsEmpty => channel.Reader.Count == 0;
}
