using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>Counts what the HTTP server refuses before it is a request.</summary>
internal sealed class BadRequests(DiagnosticListener source, FrontEndMetrics metrics) : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string EventName = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Of nothing else, or an activity would be made for every request.
        _subscription = source.Subscribe(this, static (name, _, _) => name == EventName);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IFeatureCollection features && features.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException error)
            metrics.HandshakeBroken(ReasonOf(error.StatusCode));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static string ReasonOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => "slow",
        StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge => "too_large",
        _ => "malformed",
    };
}
