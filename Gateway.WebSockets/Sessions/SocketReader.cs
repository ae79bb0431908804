using System.Buffers;
using System.Net.WebSockets;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>
/// Reads whole messages from one socket, one at a time. Waits with a zero-byte receive, so that a silent socket holds no buffer, and puts
/// fragments together up to the limit.
/// </summary>
internal sealed class SocketReader(UpgradedSocket socket, int maxBytes)
{
    private const int FirstBuffer = 4096;

    /// <summary>The next message. Never throws.</summary>
    internal async ValueTask<ReceivedMessage> ReadAsync()
    {
        byte[]? buffer = null;
        var handedOver = false;
        try
        {
            var result = await socket.Socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
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

                result = await socket.Socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (result.MessageType == WebSocketMessageType.Close)
                    return new ReceivedMessage(ReceivedKind.Close);

                length += result.Count;
                if (length > maxBytes)
                    return new ReceivedMessage(ReceivedKind.TooLarge);
            }

            handedOver = true;
            return new ReceivedMessage(ReceivedKind.Text, buffer, length);
        }
        catch (WebSocketException e) when (e.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely)
        {
            return new ReceivedMessage(ReceivedKind.Violation);
        }
        catch (Exception)
        {
            // A reset connection or an aborted one.
            return new ReceivedMessage(ReceivedKind.Broken);
        }
        finally
        {
            if (!handedOver && buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Throws everything away until the peer's close frame or the end of the connection. Never throws.</summary>
    internal async ValueTask DiscardAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            while ((await socket.Socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception)
        {
            // The end, or a close frame that echoes a code which the framework does not know, such as 1012.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Throws all bytes away until the end of the connection. Never throws.</summary>
    internal async ValueTask DiscardBytesAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            while (await socket.Stream.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (Exception)
        {
            // The end.
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
