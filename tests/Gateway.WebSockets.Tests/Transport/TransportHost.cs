using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Gateway.WebSockets.Transport;
using Firezone.Shared.Peers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Firezone.Gateway.WebSockets.Tests.Transport;

/// <summary>The transport alone on a free loopback port, without an HTTP server.</summary>
internal sealed class TransportHost : IAsyncDisposable
{
    private readonly Channel<PolledConnection> _accepted = Channel.CreateUnbounded<PolledConnection>();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServiceProvider _services;
    private readonly PollingLoops _loops;
    private readonly PolledListener _listener;

    /// <param name="first">Serves the connections; null: <see cref="ConnectAsync"/> hands them out, and they last as long as this.</param>
    internal TransportHost(ConnectionDelegate? first = null)
    {
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(Logs)).BuildServiceProvider();
        _loops = new PollingLoops(_services.GetRequiredService<ILogger<PollingLoop>>());
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener = new PolledListener(
            socket,
            _loops,
            TimeProvider.System,
            new FrontEndMetrics(_services.GetRequiredService<IMeterFactory>()),
            _services.GetRequiredService<ILogger<PolledListener>>());
        _listener.Start(first ?? Hold, backlog: 512);
    }

    internal LogCapture Logs { get; } = new();

    internal EndPoint Endpoint => _listener.EndPoint;

    /// <summary>Both sides of a connection.</summary>
    internal async Task<(PolledConnection Connection, Socket Peer)> ConnectAsync(int? receiveBuffer = null)
    {
        var peer = await PeerAsync(receiveBuffer);
        return (await _accepted.Reader.ReadAsync().AsTask().WaitAsync(RawPeer.Patience), peer);
    }

    internal async Task<Socket> PeerAsync(int? receiveBuffer = null)
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
            peer.ReceiveBufferSize = size;
        await peer.ConnectAsync(Endpoint);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        await _listener.DisposeAsync();
        _loops.Dispose();
        await _services.DisposeAsync();
    }

    private Task Hold(ConnectionContext connection)
    {
        _accepted.Writer.TryWrite((PolledConnection)connection);
        return _over.Task;
    }
}
