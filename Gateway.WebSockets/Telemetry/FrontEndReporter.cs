using System.Reflection;
using Firezone.Gateway.WebSockets.Admission;
using Firezone.Gateway.WebSockets.Health;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Grains.Abstractions.FrontEnds;

namespace Firezone.Gateway.WebSockets.Telemetry;

/// <summary>Makes the report that operators are shown of this front-end.</summary>
internal sealed class FrontEndReporter(FrontEndMetrics metrics, ConnectAdmission admission, Readiness readiness)
{
    // Without the commit that the compiler appends.
    private static readonly string Version = typeof(FrontEndReporter).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    internal FrontEndReport Make()
    {
        var figures = metrics.Figures;
        var state = admission.State;
        return new FrontEndReport(
            Version,
            readiness.State switch
            {
                FrontEndState.Ready => "ready",
                FrontEndState.Draining => "draining",
                _ => "starting",
            },
            figures.Sockets(PeerKind.Client),
            figures.Sockets(PeerKind.Gateway),
            figures.Sockets(PeerKind.Relay),
            figures.Flows,
            figures.Refusals,
            state.IsStorm,
            state.UnderWay,
            state.Limit,
            state.Waiting);
    }
}
