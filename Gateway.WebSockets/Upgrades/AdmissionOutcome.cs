using Firezone.Gateway.WebSockets.Channels;
using Firezone.Grains.Abstractions.Admission;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>A role's admission without its type of ticket: what opens channels, or the refusal.</summary>
internal readonly record struct AdmissionOutcome(IChannelOpener? Opener, Refusal Refusal, string? Detail)
{
    internal static AdmissionOutcome From<TTicket>(Admission<TTicket> admission, Func<TTicket, IChannelOpener> opener)
        where TTicket : class => admission is { Refusal: Refusal.None, Ticket: { } ticket }
            ? new AdmissionOutcome(opener(ticket), Refusal.None, null)
            : new AdmissionOutcome(null, admission.Refusal, admission.Detail);
}
