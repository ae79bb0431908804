using System.Reflection;

namespace Firezone.Gateway.WebSockets.Health;

/// <summary><c>/healthz</c>: the process runs. <c>/readyz</c>: it takes new sockets.</summary>
internal static class HealthEndpoints
{
    // Without the commit that the compiler appends.
    private static readonly string Version = typeof(HealthEndpoints).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    internal static void Map(IEndpointRouteBuilder endpoints, Readiness readiness)
    {
        endpoints.MapGet("/healthz", () => Results.Json(new { status = "ok" })).WithMetadata(FrontEndEndpoint.Health).AllowAnonymous();
        endpoints.MapGet("/readyz", () => Ready(readiness.State)).WithMetadata(FrontEndEndpoint.Health).AllowAnonymous();
    }

    private static IResult Ready(FrontEndState state) => state switch
    {
        FrontEndState.Ready => Results.Json(new { status = "ready", version = Version }),
        FrontEndState.Draining => Results.Json(new { status = "draining" }, statusCode: StatusCodes.Status503ServiceUnavailable),
        _ => Results.Json(new { status = "starting" }, statusCode: StatusCodes.Status503ServiceUnavailable),
    };
}
