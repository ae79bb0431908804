using System.Net.WebSockets;
using Firezone.Gateway.WebSockets.Channels;
using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Sessions;

/// <summary>One accepted socket from its upgrade to its end.</summary>
internal sealed partial class Connection
{
    // What the reader of logs and metrics knows as "broke without a close frame" (RFC 6455 section 7.1.5).
    private const int AbnormalClosure = 1006;

    private readonly UpgradedSocket _socket;
    private readonly SocketReader _reader;
    private readonly FrameDispatcher _dispatcher;
    private readonly TimeSpan _idleTimeout;
    private readonly long _opened;
    private long _lastReceived;

    internal Connection(UpgradedSocket socket, PeerKind kind, FrameVersion version, IChannelOpener opener, ConnectionServices services)
    {
        _socket = socket;
        Kind = kind;
        Version = version;
        Services = services;
        Writer = new SocketWriter(socket, services.Options.Outbox, services.Time, services.Metrics);
        _reader = new SocketReader(socket, services.Options.MaxFrameBytes);
        _dispatcher = new FrameDispatcher(this, opener);
        _opened = _lastReceived = services.Time.GetTimestamp();
        _idleTimeout = kind switch
        {
            PeerKind.Client => services.Options.IdleTimeout.Client,
            PeerKind.Gateway => services.Options.IdleTimeout.Gateway,
            _ => services.Options.IdleTimeout.Relay,
        };
    }

    internal PeerKind Kind { get; }

    internal FrameVersion Version { get; }

    internal ConnectionServices Services { get; }

    internal SocketWriter Writer { get; }

    /// <summary>Serves the socket; completes when it has ended, whichever way. Never throws.</summary>
    internal async Task RunAsync()
    {
        Services.Registry.Add(this);
        Services.Metrics.SessionOpened(Kind);
        var code = await ReadAsync();

        // First the session, so that its device is offline at once; the close frame may still be waiting for a slow peer.
        _dispatcher.End();
        await Writer.WhenIdleAsync();
        Services.Registry.Remove(this);
        Services.Metrics.SessionClosed(Kind, code);
        _socket.Release();
    }

    /// <summary>Closes the socket from this side; the first code counts. Returns at once.</summary>
    internal void Close(WebSocketCloseStatus code, bool discard = false) => Writer.Close(code, discard);

    /// <summary>Tears the connection down.</summary>
    internal void Abort() => Writer.Abort();

    /// <summary>Ends the socket if one of its time limits has passed. Called for every socket about once a second.</summary>
    internal void Sweep(long now)
    {
        var options = Services.Options;
        if (Writer.IsStuck(now, options.SendTimeout, options.CloseTimeout))
        {
            Abort();
            return;
        }

        _dispatcher.CheckOrder();
        var silent = Services.Time.GetElapsedTime(Interlocked.Read(ref _lastReceived), now) >= _idleTimeout;
        if (silent || (!_dispatcher.HasJoined && Services.Time.GetElapsedTime(_opened, now) >= options.JoinTimeout))
            Close(WebSocketCloseStatus.ProtocolError);
    }

    private async Task<int> ReadAsync()
    {
        while (true)
        {
            var message = await _reader.ReadAsync();
            switch (message.Kind)
            {
                case ReceivedKind.Text:
                    await HandleAsync(message);
                    break;
                case ReceivedKind.Binary:
                    Close(WebSocketCloseStatus.InvalidMessageType);
                    break;
                case ReceivedKind.TooLarge:
                    Close(WebSocketCloseStatus.MessageTooBig);
                    break;
                case ReceivedKind.Close:
                    var received = ReceivedCode();
                    Close(received);
                    return (int)(Writer.Closing ?? received);
                case ReceivedKind.Violation when Writer.Violated():
                    await _reader.DiscardBytesAsync();
                    return (int)WebSocketCloseStatus.ProtocolError;
                default:
                    return (int?)Writer.Closing ?? AbnormalClosure;
            }

            if (Writer.Closing is { } code)
            {
                await _reader.DiscardAsync();
                return (int)code;
            }
        }
    }

    private async ValueTask HandleAsync(ReceivedMessage message)
    {
        try
        {
            Interlocked.Exchange(ref _lastReceived, Services.Time.GetTimestamp());
            Services.Metrics.Received(message.Length);
            await _dispatcher.HandleAsync(message.Memory);
        }
        catch (Exception e)
        {
            // One peer's message must not take more with it than its socket.
            HandlingFailed(Services.Logger, Kind, e);
            Close(WebSocketCloseStatus.InternalServerError);
        }
        finally
        {
            message.Release();
        }
    }

    // A close frame without a code is answered as a normal one: the code for "none" must not be sent.
    private WebSocketCloseStatus ReceivedCode() =>
        _socket.Socket.CloseStatus is { } code && code != WebSocketCloseStatus.Empty ? code : WebSocketCloseStatus.NormalClosure;

    [LoggerMessage(EventId = 1161, Level = LogLevel.Error, Message = "A {Kind}'s message could not be handled; its socket is closed")]
    private static partial void HandlingFailed(ILogger logger, PeerKind kind, Exception e);
}
