using Firezone.Gateway.WebSockets.Channels;
using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Options;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Sessions;
using Microsoft.Extensions.Options;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Asks the cluster whether a connect is admitted: the silo of this process if there is one, else any.</summary>
internal sealed class AdmissionCaller(
    IGrainFactory grains,
    GrainCalls calls,
    FrontEndMetrics metrics,
    TimeProvider time,
    IOptions<FrontEndOptions> options,
    IAdmissionGrain? local = null,
    ISessionPlacement? placement = null)
{
    // Looked up once, and not before the cluster is known.
    private IAdmissionGrain? _grain = local;

    /// <summary>Throws if there is no decision in time; that must never look like an invalid token.</summary>
    internal async Task<AdmissionOutcome> AdmitAsync(PeerKind kind, ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var span = FrontEndTraces.Begin("connect", kind);
        try
        {
            var outcome = await AskAsync(kind, attempt, cancellationToken);
            var admitted = outcome.Refusal == Refusal.None;
            metrics.Decided(kind, time.GetElapsedTime(started), admitted);
            FrontEndTraces.End(span, admitted ? "admitted" : "refused");
            return outcome;
        }
        catch
        {
            metrics.Decided(kind, time.GetElapsedTime(started), admitted: null);
            FrontEndTraces.End(span, "failed", failed: true);
            throw;
        }
    }

    private Task<AdmissionOutcome> AskAsync(PeerKind kind, ConnectAttempt attempt, CancellationToken cancellationToken) => kind switch
    {
        PeerKind.Client => CallAsync(
            grain => grain.AdmitClient(attempt.With(ClientParameters.Read(attempt.Query, attempt.UserAgent))),
            ticket => new ClientOpener(ticket, grains, placement),
            cancellationToken),
        PeerKind.Gateway => CallAsync(
            grain => grain.AdmitGateway(attempt.With(GatewayParameters.Read(attempt.Query, attempt.UserAgent))),
            ticket => new GatewayOpener(ticket, grains),
            cancellationToken),
        _ => CallAsync(
            grain => grain.AdmitRelay(attempt.With(RelayParameters.Read(attempt.Query))),
            ticket => new RelayOpener(ticket, grains),
            cancellationToken),
    };

    private async Task<AdmissionOutcome> CallAsync<TTicket>(
        Func<IAdmissionGrain, Task<Admission<TTicket>>> call, Func<TTicket, IChannelOpener> opener, CancellationToken cancellationToken)
        where TTicket : class
    {
        var grain = _grain ??= grains.GetGrain<IAdmissionGrain>(0);
        var limit = options.Value.AdmissionTimeout;
        var admission = await calls.RetryAsync(() => call(grain), limit / 2, limit, GrainFaults.IsTransient, cancellationToken);
        return AdmissionOutcome.From(admission, opener);
    }
}
