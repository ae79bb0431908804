using System.Buffers;
using System.Net.WebSockets;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>
/// Reads whole messages from one socket, one at a time. Waits with a zero-byte receive, so that a silent socket holds no buffer, and puts
/// fragments together up to the limit.
/// </summary>
internal sealed class SocketReader(WebSocket socket, int maxBytes)
{
    private const int FirstBuffer = 4096;

    /// <summary>The next message. Never throws.</summary>
    internal async ValueTask<ReceivedMessage> ReadAsync()
    {
        byte[]? buffer = null;
        var handedOver = false;
        try
        {
            var result = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (result.MessageType == WebSocketMessageType.Close)
                return new ReceivedMessage(ReceivedKind.Close);
            if (result.MessageType == WebSocketMessageType.Binary)
                return new ReceivedMessage(ReceivedKind.Binary);

            var length = 0;
            buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBuffer, maxBytes + 1));
            while (!result.EndOfMessage)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, length);

                result = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                    return new ReceivedMessage(ReceivedKind.Close);

                length += result.Count;
                if (length > maxBytes)
                    return new ReceivedMessage(ReceivedKind.TooLarge);
            }

            handedOver = true;
            return new ReceivedMessage(ReceivedKind.Text, buffer, length);
        }
        catch (Exception)
        {
            // A reset connection, an aborted socket, a frame that RFC 6455 forbids: in the last case the peer has been sent its code.
            return new ReceivedMessage(ReceivedKind.Broken);
        }
        finally
        {
            if (!handedOver && buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Throws everything away until the peer's close frame or the end of the connection. True for a close frame. Never throws.</summary>
    internal async ValueTask<bool> DiscardAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                    return true;
            }
        }
        catch (Exception)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
