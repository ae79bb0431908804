using System.Reflection;

namespace Firezone.Gateway.WebSockets.Health;

/// <summary>
/// <c>/healthz</c>: the process runs. <c>/startupz</c>: it has begun to; a front-end may then still wait for the first silo, which no restart
/// brings nearer. <c>/readyz</c>: it takes new sockets. Only the last one depends on anything outside of the process.
/// </summary>
internal static class HealthEndpoints
{
    // Without the commit that the compiler appends.
    private static readonly string Version = typeof(HealthEndpoints).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    internal static void Map(IEndpointRouteBuilder endpoints, Readiness readiness, IEnumerable<ReadinessNote> notes)
    {
        endpoints.MapGet("/healthz", () => Results.Json(new { status = "ok" })).WithMetadata(FrontEndEndpoint.Health).AllowAnonymous();
        endpoints.MapGet("/startupz", () => Results.Json(new { status = "started" })).WithMetadata(FrontEndEndpoint.Health).AllowAnonymous();
        endpoints.MapGet("/readyz", () => Ready(readiness.State, notes)).WithMetadata(FrontEndEndpoint.Health).AllowAnonymous();
    }

    private static IResult Ready(FrontEndState state, IEnumerable<ReadinessNote> notes)
    {
        if (state is not FrontEndState.Ready)
        {
            var status = state is FrontEndState.Draining or FrontEndState.Held ? "draining" : "starting";
            return Results.Json(new { status }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var answer = new Dictionary<string, string> { ["status"] = "ready", ["version"] = Version };
        foreach (var note in notes)
            answer[note.Name] = note.Read();
        return Results.Json(answer);
    }
}
