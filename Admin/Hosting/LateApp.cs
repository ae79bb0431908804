using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Firezone.Admin.Hosting;

/// <summary>
/// Listens at once, and composes the web application behind the listener with the first request: what nobody asks for takes neither memory
/// nor time at the start of the process.
/// </summary>
public sealed class LateApp : IHttpApplication<LateRequest>, IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly Lazy<Task<LateServer>> _server;
    private volatile WebApplication? _app;

    /// <summary>Nothing listens yet.</summary>
    /// <param name="url">Where to listen.</param>
    /// <param name="options">Of the listener.</param>
    /// <param name="loggers">The process's.</param>
    /// <param name="compose">Makes the application, whose server has to be the given one.</param>
    public LateApp(string url, KestrelServerOptions options, ILoggerFactory loggers, Func<IServer, WebApplication> compose)
    {
        ArgumentNullException.ThrowIfNull(compose);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        _kestrel = new KestrelServer(Options.Create(options), transport, loggers);
        _kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add(url);
        _server = new Lazy<Task<LateServer>>(() =>
        {
            // What it runs in the background is not part of the request.
            using var apart = ExecutionContext.SuppressFlow();
            return Task.Run(() => StartAppAsync(compose));
        });
    }

    /// <summary>Where it listens, with the port that was chosen if the configured one is 0.</summary>
    public string Address => _kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    /// <summary>The application, composed now if nobody has asked for anything yet.</summary>
    public async Task<WebApplication> AppAsync()
    {
        await _server.Value;
        return _app!;
    }

    /// <summary>Listens.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _kestrel.StartAsync(this, cancellationToken);

    /// <summary>Tells the application first, then waits for open responses.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _app is { } app ? app.StopAsync(cancellationToken) : _kestrel.StopAsync(cancellationToken);

    LateRequest IHttpApplication<LateRequest>.CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    async Task IHttpApplication<LateRequest>.ProcessRequestAsync(LateRequest context)
    {
        ArgumentNullException.ThrowIfNull(context);
        await (await _server.Value).ProcessAsync(context);
    }

    void IHttpApplication<LateRequest>.DisposeContext(LateRequest context, Exception? exception)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.End?.Invoke(exception);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _kestrel.Dispose();
    }

    private async Task<LateServer> StartAppAsync(Func<IServer, WebApplication> compose)
    {
        var server = new LateServer(_kestrel);
        _app = compose(server);
        await _app.StartAsync();
        return server;
    }
}
