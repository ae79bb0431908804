using System.Net.WebSockets;
using Firezone.Gateway.WebSockets.Upgrades;
using Firezone.Grains.Abstractions.Operations;
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
    private readonly ulong _place;
    private long _received;

    internal Connection(UpgradedSocket socket, PeerKind kind, in ConnectDecision decision, ConnectionServices services)
    {
        _socket = socket;
        Kind = kind;
        Version = decision.Version;
        _place = decision.Place;
        Services = services;
        Writer = new SocketWriter(socket, services.Options.Outbox, gathers: kind == PeerKind.Gateway, services.Time, services.Metrics);
        _reader = new SocketReader(socket.Input, Writer, services.Options.MaxFrameBytes, services.MessageRates[(int)kind], services.Time);
        _dispatcher = new FrameDispatcher(this, decision.Opener!);
        _opened = services.Time.GetTimestamp();
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

    /// <summary>Serves the socket; completes when it has ended, whichever way, and its place is free. Never throws.</summary>
    internal async Task RunAsync()
    {
        Services.Registry.Add(this);
        Services.Metrics.SessionOpened(Kind);
        var code = await ReadAsync();

        // First the session, so that its device is offline at once; the close frame may still be waiting for a slow peer.
        _dispatcher.End();
        await Writer.EndAsync();
        Services.Registry.Remove(this);
        Services.Registry.Release();
        Services.Registry.Addresses.Release(_place);
        Services.Metrics.SessionClosed(Kind, code);
        _reader.Release();
        _socket.Release();
    }

    /// <summary>Closes the socket from this side; the first code counts. Returns at once.</summary>
    internal void Close(WebSocketCloseStatus code, bool discard = false) => Writer.Close(code, discard);

    /// <summary>Counts the message at hand as several against the rate of this socket.</summary>
    internal void Charge(int messages) => _reader.Charge(messages);

    /// <summary>What operators are shown of the socket itself. On any thread.</summary>
    internal SocketState Describe()
    {
        var now = Services.Time.GetTimestamp();
        var (frames, bytes) = Writer.Waiting;
        return new SocketState(
            Version == FrameVersion.V1 ? 1 : 2,
            Services.Time.GetElapsedTime(_opened, now),
            Services.Time.GetElapsedTime(_reader.LastReceived, now),
            frames,
            bytes,
            Volatile.Read(ref _received),
            Writer.Sent,
            WaitingPushes: 0,
            CallsUnderWay: 0,
            OpenFlows: 0,
            OldestFlow: null,
            Silo: null,
            (int?)Writer.Closing);
    }

    /// <summary>Tears the connection down.</summary>
    internal void Abort() => Writer.Abort();

    /// <summary>Ends the socket if one of its time limits has passed. Called for every socket about once a second.</summary>
    internal void Sweep(long now)
    {
        _reader.Resume();
        var options = Services.Options;
        if (Writer.IsStuck(now, options.SendTimeout, options.CloseTimeout))
        {
            Abort();
            return;
        }

        _dispatcher.Sweep();
        var silent = Services.Time.GetElapsedTime(_reader.LastReceived, now) >= _idleTimeout;
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
                case ReceivedKind.Close:
                    Close(message.Code);
                    return (int)(Writer.Closing ?? message.Code);
                case ReceivedKind.Unacceptable:
                    Close(message.Code);
                    break;
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
            Volatile.Write(ref _received, _received + 1);
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

    [LoggerMessage(EventId = 1161, Level = LogLevel.Error, Message = "A {Kind}'s message could not be handled; its socket is closed")]
    private static partial void HandlingFailed(ILogger logger, PeerKind kind, Exception e);
}
