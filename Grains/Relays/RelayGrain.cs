using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Relays;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Sessions;
using Firezone.Membership.Postgres.Placement;
using Firezone.Wire.Relay;
using Orleans.Placement;
using Orleans.Runtime;

namespace Firezone.Grains.Relays;

/// <inheritdoc cref="IRelayGrain" />
[KeepAlive, PreferRegion, PreferLocalPlacement]
public sealed class RelayGrain(SessionServices services) : SessionGrain<RelayTicket>(services), IRelayGrain
{
    private string _stampSecret = "";

    /// <inheritdoc />
    public async Task<AttachResult> Attach(SessionRef session, RelayTicket ticket, StampSecret stampSecret, Resume? resume)
    {
        if (!IsNewest(session))
            return Superseded();
        _stampSecret = stampSecret.Value;
        TakeOver(SessionKind.Relay, session, ticket, new SessionOwner(null, ticket.TokenId, null));
        await Directory.Announce(Presence());
        return Attached(resume is null ? RelayMessages.Init() : null, viewHash: 0);
    }

    /// <inheritdoc />
    public override Task Announce() => Session is null ? base.Announce() : Directory.Announce(Presence());

    /// <inheritdoc />
    protected override SessionDescription Describe(RelayTicket ticket) => new(ticket.RemoteIp, Version: "");

    /// <inheritdoc />
    protected override Func<Task> Withdrawal(Guid sessionId)
    {
        var (directory, id) = (Directory, this.GetPrimaryKey());
        return () => directory.Withdraw(id, sessionId);
    }

    private IRelayDirectoryGrain Directory => GrainFactory.GetGrain<IRelayDirectoryGrain>(0);

    private RelayPresence Presence() => new(
        this.GetPrimaryKey(),
        Session!.SessionId,
        _stampSecret,
        Ticket!.Attributes.Ipv4,
        Ticket.Attributes.Ipv6,
        Ticket.Attributes.Port,
        Ticket.Location);
}
