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
        Map("/healthz", context => HealthAnswer.WriteAsync(context, StatusCodes.Status200OK, "ok"));
        Map("/startupz", context => HealthAnswer.WriteAsync(context, StatusCodes.Status200OK, "started"));
        Map("/readyz", context => ReadyAsync(context, readiness.State, notes));

        void Map(string path, RequestDelegate answer) => endpoints.MapGet(path, answer).WithMetadata(FrontEndEndpoint.Health).AllowAnonymous();
    }

    private static Task ReadyAsync(HttpContext context, FrontEndState state, IEnumerable<ReadinessNote> notes)
    {
        if (state is FrontEndState.Ready)
        {
            var more = notes.Select(note => (note.Name, note.Read())).Prepend(("version", Version));
            return HealthAnswer.WriteAsync(context, StatusCodes.Status200OK, "ready", [.. more]);
        }

        var status = state is FrontEndState.Draining or FrontEndState.Held ? "draining" : "starting";
        return HealthAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, status);
    }
}
