using System.Buffers;
using System.Net.WebSockets;
using Firezone.Edge.PortalClient.Frames;
using Firezone.Edge.PortalClient.Inputs;

namespace Firezone.Edge.PortalClient.Transport;

/// <summary>One attempt and, if it succeeds, its socket. Reports what happens to the channel and decides nothing.</summary>
internal sealed class Connection(int attempt, Dialer dialer, IConnectionOwner owner, TimeProvider time)
{
    // Frame limit of Firezone's own devices.
    private const int MaxMessageBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _released = new(Timeout.InfiniteTimeSpan, time);
    private readonly ArrayBufferWriter<byte> _output = new(512);
    private ClientWebSocket? _socket;

    public int Attempt => attempt;

    /// <summary>Runs until the attempt fails or its socket has ended or was released; never throws.</summary>
    public async Task RunAsync(string? publicKey)
    {
        // The caller holds the channel's lock.
        await Task.Yield();
        try
        {
            var (socket, failure) = await dialer.DialAsync(publicKey, _released.Token);
            if (socket is null)
            {
                owner.Report(new SocketRefused(attempt, failure!));
                return;
            }

            using (_socket = socket)
            {
                owner.Report(new SocketOpened(attempt));
                owner.Report(new SocketLost(attempt, await ReceiveAsync(socket)));
            }
        }
        catch (OperationCanceledException)
        {
            // Released: nobody waits for a report.
        }
    }

    /// <summary>Writes one frame and reports it; the next one must wait for the report.</summary>
    public async Task WriteAsync(PortalFrame frame)
    {
        await Task.Yield();
        try
        {
            _output.ResetWrittenCount();
            FrameCodec.Write(_output, frame);
            await _socket!.SendAsync(_output.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, _released.Token);
            owner.Report(new FrameWritten(attempt));
        }
        catch (Exception e) when (IsEnd(e))
        {
            owner.Report(new SocketLost(attempt, "Writing to the portal failed: " + e.GetBaseException().Message));
        }
    }

    /// <summary>Ends the attempt; with a Close frame if asked for and possible. Never throws.</summary>
    public async Task ReleaseAsync(bool politely)
    {
        await Task.Yield();
        if (politely && _socket is { State: WebSocketState.Open } socket)
        {
            try
            {
                // The receive loop ends with the portal's own Close frame, or with the time limit.
                _released.CancelAfter(CloseTimeout);
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _released.Token);
                return;
            }
            catch (Exception e) when (IsEnd(e))
            {
                // The socket ended meanwhile; abandoning it is all that is left.
            }
        }

        await _released.CancelAsync();
    }

    private async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var input = new ArrayBufferWriter<byte>(4096);
        try
        {
            while (true)
            {
                await owner.HasRoomAsync().WaitAsync(_released.Token);
                input.ResetWrittenCount();
                ValueWebSocketReceiveResult result;
                do
                {
                    if (input.WrittenCount > MaxMessageBytes)
                    {
                        await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, null, _released.Token);
                        return "The portal sent a message that is too large.";
                    }

                    result = await socket.ReceiveAsync(input.GetMemory(2048), _released.Token);
                    input.Advance(result.Count);
                }
                while (!result.EndOfMessage);

                switch (result.MessageType)
                {
                    case WebSocketMessageType.Close:
                        if (socket.State == WebSocketState.CloseReceived)
                            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _released.Token);
                        return $"The portal closed the socket with code {(int?)socket.CloseStatus ?? 1005}.";
                    case WebSocketMessageType.Text:
                        Read(input.WrittenMemory);
                        break;
                    default:
                        owner.Unreadable("it is binary");
                        break;
                }
            }
        }
        catch (WebSocketException e)
        {
            return "The connection to the portal broke: " + e.GetBaseException().Message;
        }
    }

    /// <summary>What a socket throws once it is closed, aborted or disposed by somebody else.</summary>
    private static bool IsEnd(Exception e) =>
        e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private void Read(ReadOnlyMemory<byte> message)
    {
        if (FrameCodec.TryRead(message, out var frame) is { } error)
            owner.Unreadable(error);
        else
            owner.Report(new FrameReceived(attempt, frame));
    }
}
