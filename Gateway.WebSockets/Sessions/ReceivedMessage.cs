using System.Buffers;
using System.Net.WebSockets;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>One result of <see cref="SocketReader.ReadAsync"/>; release it when done.</summary>
internal readonly struct ReceivedMessage
{
    private readonly byte[]? _buffer;

    private ReceivedMessage(ReceivedKind kind, WebSocketCloseStatus code, byte[]? buffer, int length)
    {
        (Kind, Code, _buffer, Length) = (kind, code, buffer, length);
    }

    internal static ReceivedMessage Broken => new(ReceivedKind.Broken, default, null, 0);

    internal ReceivedKind Kind { get; }

    internal WebSocketCloseStatus Code { get; }

    internal int Length { get; }

    internal ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <summary>A text in a rented buffer, which the message owns from now on.</summary>
    internal static ReceivedMessage Text(byte[] rented, int length) => new(ReceivedKind.Text, default, rented, length);

    internal static ReceivedMessage Close(WebSocketCloseStatus code) => new(ReceivedKind.Close, code, null, 0);

    internal static ReceivedMessage Unacceptable(WebSocketCloseStatus code) => new(ReceivedKind.Unacceptable, code, null, 0);

    /// <summary>Gives the buffer back; <see cref="Memory"/> is void afterwards.</summary>
    internal void Release()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
    }
}
