using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Firezone.Admin.Hosting;

/// <summary>The server of an application whose listener is there already.</summary>
internal sealed class LateServer(IServer listener) : IServer
{
    private Func<LateRequest, Task>? _process;

    public IFeatureCollection Features => listener.Features;

    public Task ProcessAsync(LateRequest request) =>
        (_process ?? throw new InvalidOperationException("The application has not been started."))(request);

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = request =>
        {
            var context = application.CreateContext(request.Features);
            request.End = exception => application.DisposeContext(context, exception);
            return application.ProcessRequestAsync(context);
        };
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => listener.StopAsync(cancellationToken);

    public void Dispose()
    {
        // The listener is not its own.
    }
}
