using System.Net;
using System.Net.Sockets;
using Firezone.Membership.Postgres.Detection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Firezone.Membership.Postgres.Probing;

/// <summary>
/// Asks silos directly whether they live: first whether their endpoint takes a connection, which a dead process's host refuses in no time,
/// then by an Orleans call, which a frozen process leaves unanswered. Safe for use from any thread.
/// </summary>
internal sealed class SiloProber(IServiceProvider services, IOptions<PostgresMembershipOptions> options, TimeProvider time)
{
    // The silo's message centre is not there yet when this is made.
    private readonly Lazy<SiloProbeClient> _client = new(() => new SiloProbeClient(services), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Errors that say something about the silo's host or the way to it; all others are troubles of this process.</summary>
    private static readonly SocketError[] FarSide =
        [SocketError.TimedOut, SocketError.HostUnreachable, SocketError.HostDown, SocketError.NetworkUnreachable, SocketError.ConnectionReset];

    private TimeSpan Limit => options.Value.ProbeTimeout;

    /// <summary>Never throws but for cancellation. Takes up to twice the probe limit.</summary>
    internal async Task<ProbeOutcome> ProbeAsync(SiloId silo, CancellationToken cancellationToken)
    {
        var address = silo.ToAddress();
        var reached = await ConnectAsync(address.Endpoint, Limit, time, cancellationToken);
        if (reached is { } outcome)
            return outcome;
        try
        {
            var answer = _client.Value.Of(address).AnswerAsync();
            answer.Ignore(); // Orleans lets it fail later, when nobody waits any more.
            await answer.WaitAsync(Limit, time, cancellationToken);
            return ProbeOutcome.Answered;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ProbeOutcome.Silent;
        }
    }

    /// <summary>What another silo finds when it probes; <see langword="null"/> when that silo does not say in time.</summary>
    internal async Task<ProbeOutcome?> AskAsync(SiloId witness, SiloId silo, CancellationToken cancellationToken)
    {
        try
        {
            var asked = _client.Value.Of(witness.ToAddress()).ProbeAsync(silo.Value);
            asked.Ignore();
            // Less than the two limits after which the detector takes itself for held up.
            var answer = (ProbeOutcome)await asked.WaitAsync(1.8 * Limit, time, cancellationToken);
            return Enum.IsDefined(answer) && answer != ProbeOutcome.Unknown ? answer : null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Whether the endpoint takes a connection: <see langword="null"/> if so. Throws for cancellation only.</summary>
    internal static async Task<ProbeOutcome?> ConnectAsync(IPEndPoint endpoint, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint, either.Token);
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return ProbeOutcome.Refused;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e is OperationCanceledException || (e is SocketException socket && FarSide.Contains(socket.SocketErrorCode))
                ? ProbeOutcome.NoAnswer
                : ProbeOutcome.Unknown;
        }
    }
}
