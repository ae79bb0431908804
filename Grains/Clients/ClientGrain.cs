using Firezone.Grains.Abstractions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Accounts;
using Firezone.Grains.Authorization;
using Firezone.Grains.Relays;
using Firezone.Grains.Sessions;
using Firezone.Membership.Postgres.Placement;
using Firezone.Wire.Client;
using Firezone.Wire.Frames;
using Firezone.Wire.Ice;
using Firezone.Wire.Relay;
using Firezone.Wire.Versions;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace Firezone.Grains.Clients;

/// <inheritdoc cref="IClientGrain" />
/// <remarks>
/// Flow requests, candidates and the silo's events interleave with each other at awaits; each looks at the session again after its own.
/// </remarks>
[KeepAlive, PreferRegion, PreferLocalPlacement]
public sealed partial class ClientGrain(SessionServices services, ILogger<ClientGrain> logger) : SessionGrain<ClientTicket>(services), IClientGrain
{
    private ClientView? _view;
    private ulong _configHash;
    private SessionRelays _relays = new();

    /// <inheritdoc />
    public async Task<AttachResult> Attach(SessionRef session, ClientTicket ticket, Resume? resume)
    {
        if (!IsNewest(session))
            return Superseded();
        // Registered first, read second: a change that comes between the two is not lost.
        TakeOver(SessionKind.Client, session, ticket, new SessionOwner(ticket.AccountId, ticket.TokenId, ticket.ActorId));
        // A session that has lost its silo goes on with what this one knows: the database may not answer now.
        var account = await Services.Accounts.GetAsync(ticket.AccountId, resume is null ? ticket.AccountVersion : 0);
        if (account is null)
            return await GoneAsync();
        if (Session != session)
            return Superseded();

        var missed = Services.Accounts.Since(ticket.AccountId, ticket.AccountVersion);
        if (missed.IsWhole)
            Services.Doubtful.Add([Local]);
        if (missed.ClientTokensRemoved.ContainsKey(ticket.TokenId) || missed.ClientsRemoved.ContainsKey(ticket.ClientId))
            return await GoneAsync();
        Consider(missed);
        // A change that was announced before this line runs found no view to renew.
        _view = new ClientView(Services.Accounts.TryGet(ticket.AccountId) ?? account, Ticket!, Now);
        _relays.Start(Services.Relays.Current, ticket.Location, Local);
        Services.Schedule.Set(Local, _view.NextChange);
        _configHash = _view.ConfigHash(ticket);
        var hash = ViewHash();
        var init = resume?.ViewHash == hash ? null : ClientMessages.Init(_view.Interface(ticket), _view.Connectable.Rendered(), Entries());
        return Attached(init, hash);
    }

    /// <inheritdoc />
    public async Task CreateFlow(Guid sessionId, Guid resourceId, Guid[] connectedGatewayIds)
    {
        if (!await HasAsync(sessionId))
            return;
        var decision = Decide(resourceId);
        if (decision.Grant is not { } grant)
        {
            PushFailure(resourceId, decision.Failure!.Value, decision.ViolatedProperties);
            return;
        }

        var failure = await ChooseAndAuthorizeAsync(sessionId, grant, connectedGatewayIds);
        if (failure is { } reason && IsCurrent(sessionId))
            PushFailure(resourceId, reason, null);
    }

    /// <inheritdoc />
    public async Task SendIceCandidates(Guid sessionId, Guid[] gatewayIds, string[] candidates, bool invalidate)
    {
        if (await HasAsync(sessionId))
        {
            var (account, client) = (Ticket!.AccountId, Ticket.ClientId);
            foreach (var gatewayId in gatewayIds)
            {
                Services.Calls.Tell(
                    GrainFactory.Find<IGatewayGrain>(gatewayId),
                    gatewayId,
                    nameof(IGatewayGrain.ReceiveIceCandidates),
                    gateway => gateway.ReceiveIceCandidates(account, client, candidates, invalidate));
            }
        }
    }

    /// <inheritdoc />
    public async Task<RequestReply> PrepareConnection(Guid sessionId, Guid resourceId, Guid[] connectedGatewayIds)
    {
        if (!await HasAsync(sessionId))
            return LegacyReplies.Failure(FlowFailure.Offline, null);
        var decision = Decide(resourceId);
        if (decision.Grant is not { } grant)
            return LegacyReplies.Failure(decision.Failure!.Value, decision.ViolatedProperties);
        var choice = await Services.Sites.ChooseAsync(grant.Resource.SiteId, Query(grant, connectedGatewayIds));
        return choice.Gateway is { } gateway
            ? new RequestReply(true, ClientMessages.PreparedConnection(resourceId, grant.Resource.SiteId, gateway.GatewayId, gateway.RemoteIp))
            : LegacyReplies.Failure(choice.Failure ?? FlowFailure.Offline, null);
    }

    /// <inheritdoc />
    public async Task<RequestReply?> RequestConnection(Guid sessionId, string requestRef, LegacyConnection request)
    {
        if (!await HasAsync(sessionId))
            return LegacyReplies.Failure(FlowFailure.Offline, null);
        var decision = Decide(request.ResourceId);
        if (decision.Grant is not { } grant)
            return LegacyReplies.Failure(decision.Failure!.Value, decision.ViolatedProperties);
        if (await Site(grant).Find(request.GatewayId) is not { } gateway || gateway.AccountId != Ticket?.AccountId)
            return LegacyReplies.Failure(FlowFailure.Offline, null);
        if (!IsCurrent(sessionId))
            return null;
        var failure = await AuthorizeAsync(request.GatewayId, Request(sessionId, grant, request, requestRef));
        return failure is { } reason ? LegacyReplies.Failure(reason, null) : null;
    }

    /// <inheritdoc />
    public async Task ReceiveIceCandidates(Guid accountId, Guid gatewayId, string[] candidates, bool invalidate)
    {
        await ArrivalAsync();
        if (Ticket?.AccountId == accountId)
            Push(invalidate ? Events.InvalidateIceCandidates : Events.IceCandidates, IceMessages.ToClient(gatewayId, candidates));
        else
            DeactivateIfUnused();
    }

    /// <inheritdoc />
    public async Task FlowAuthorized(GrantedFlow flow)
    {
        await ArrivalAsync();
        if (!IsCurrent(flow.SessionId) || Ticket!.AccountId != flow.AccountId)
            return;
        if (_view!.Connectable.Find(flow.ResourceId) is null)
        {
            // Revoked while the answer was on its way, and the device has been told.
            PushFailure(flow.ResourceId, FlowFailure.NotFound, null);
        }
        else
        {
            Push(Events.FlowCreated, ClientMessages.FlowCreated(new FlowCreated(
                flow.ResourceId,
                flow.SiteId,
                flow.GatewayId,
                flow.GatewayPublicKey,
                flow.GatewayIpv4,
                flow.GatewayIpv6,
                flow.PresharedKey,
                new(flow.ClientIceUsername, flow.ClientIcePassword, flow.GatewayIceUsername, flow.GatewayIcePassword))));
        }
    }

    /// <inheritdoc />
    public async Task FlowFailed(Guid sessionId, Guid resourceId, FlowFailure reason, string? requestRef)
    {
        await ArrivalAsync();
        if (!IsCurrent(sessionId))
            return;
        if (requestRef is null)
            PushFailure(resourceId, reason, null);
        else
            _ = FrontEnd.Reply(sessionId, requestRef, false, LegacyReplies.Failure(reason, null).Response);
    }

    /// <inheritdoc />
    public async Task ConnectionReady(Guid sessionId, string requestRef, Guid resourceId, string gatewayPublicKey, byte[] gatewayPayload)
    {
        await ArrivalAsync();
        if (IsCurrent(sessionId))
        {
            var response = ClientMessages.ConnectionReady(resourceId, gatewayPublicKey, gatewayPayload);
            _ = FrontEnd.Reply(sessionId, requestRef, true, response);
        }
    }

    /// <inheritdoc />
    public async Task<ClientTicket?> GetTicket(Guid sessionId)
    {
        await ArrivalAsync();
        return IsCurrent(sessionId) ? Ticket : null;
    }

    /// <inheritdoc />
    public override Task OnVerification(bool verified)
    {
        if (_view is not null && Ticket!.Verified != verified && Services.Accounts.TryGet(Ticket.AccountId) is { } account)
        {
            Ticket = Ticket with { Verified = verified };
            Show(account, AccountImpact.None);
        }

        return base.OnVerification(verified);
    }

    /// <inheritdoc />
    public override Task OnDue()
    {
        if (_view is not null && Services.Accounts.TryGet(Ticket!.AccountId) is { } account)
            Show(account, AccountImpact.None);
        return base.OnDue();
    }

    /// <inheritdoc />
    public override Task OnRelaysChanged()
    {
        if (_view is not null && _relays.TryUpdate(Services.Relays.Current, Ticket!.Location, Local, out var gone))
            Push(Events.RelaysPresence, RelayMessages.Presence(gone, Entries()), ViewHash());
        return base.OnRelaysChanged();
    }

    /// <inheritdoc />
    protected override void ReactToChanges(long since)
    {
        if (_view is null || Services.Accounts.TryGet(Ticket!.AccountId) is not { } account)
            return;
        var impact = Services.Accounts.Since(Ticket.AccountId, since);
        Consider(impact);
        Show(account, impact);
    }

    /// <inheritdoc />
    protected override SessionDescription Describe(ClientTicket ticket) => new(ticket.RemoteIp, ticket.Version);

    /// <inheritdoc />
    protected override SessionState Describe(SessionState state) =>
        state with { Resources = _view?.Connectable.Count, NextEvaluation = _view?.NextChange };

    /// <inheritdoc />
    protected override void ForgetState() => (_view, _relays) = (null, new SessionRelays());

    private bool IsCurrent(Guid sessionId)
    {
        DeactivateIfUnused();
        return _view is not null && Session?.SessionId == sessionId;
    }

    private ISiteGrain Site(FlowGrant grant) => GrainFactory.Find<ISiteGrain>(grant.Resource.SiteId);

    /// <summary>Takes over what changes say of the client itself.</summary>
    private void Consider(AccountImpact impact)
    {
        var verified = impact.ClientsVerified.GetValueOrDefault(Ticket!.ClientId);
        var unverified = impact.ClientsUnverified.GetValueOrDefault(Ticket.ClientId);
        if (verified != unverified && Ticket.Verified != verified > unverified)
            Ticket = Ticket with { Verified = verified > unverified };
    }

    /// <summary>Pushes the difference between what the device has been told and what is true now.</summary>
    private void Show(AccountSnapshot account, AccountImpact impact)
    {
        var now = Now;
        var before = _view!;
        var view = _view = before.Next(account, Ticket!, now);
        if (view.NextChange is not null || before.NextChange is not null)
            Services.Schedule.Set(Local, view.NextChange);
        var difference = view.Since(
            before,
            impact.PoliciesChanged.Count == 0 ? null : id => ClientView.IsGrantedAnew(account, impact, Ticket!, id, now));
        var left = difference.Deleted.Count + difference.Changed.Count;
        // Only the last push brings the device to the new view: after the loss of this silo in between, all of it is told again.
        if (view.HasOtherConfigThan(before))
        {
            _configHash = view.ConfigHash(Ticket!);
            Push(Events.ConfigChanged, ClientMessages.ConfigChanged(view.Interface(Ticket!)), left == 0 ? ViewHash() : 0);
        }

        foreach (var id in difference.Deleted)
            Push(Events.ResourceDeleted, ClientMessages.ResourceDeleted(id), --left == 0 ? ViewHash() : 0);
        foreach (var resource in difference.Changed)
            Push(Events.ResourceCreatedOrUpdated, resource.For(view.Connectable.Variant)!.Client, --left == 0 ? ViewHash() : 0);
    }

    // By the newest snapshot of this silo: what was revoked is not granted, even if the device has not been told yet.
    private FlowDecision Decide(Guid resourceId) =>
        Services.Accounts.TryGet(Ticket!.AccountId) is { } account ? _view!.Decide(account, Ticket, resourceId, Now) : FlowDecision.NotFound;

    private async Task<FlowFailure?> ChooseAndAuthorizeAsync(Guid sessionId, FlowGrant grant, Guid[] connectedGatewayIds)
    {
        try
        {
            var choice = await Services.Sites.ChooseAsync(grant.Resource.SiteId, Query(grant, connectedGatewayIds));
            if (choice.Gateway is not { } gateway)
                return choice.Failure ?? FlowFailure.Offline;
            if (!IsCurrent(sessionId))
                return null;
            return await AuthorizeAsync(gateway.GatewayId, Request(sessionId, grant, null, null));
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // The site's or gateway's silo is going or gone; the device asks again as long as it has traffic.
            LogUnreachable(e, grant.Resource.Id);
            return FlowFailure.Offline;
        }
    }

    private Task<FlowFailure?> AuthorizeAsync(Guid gatewayId, FlowRequest request) => Services.Calls.Ask(
        GrainFactory.Find<IGatewayGrain>(gatewayId),
        gatewayId,
        nameof(IGatewayGrain.AuthorizeFlow),
        gateway => gateway.AuthorizeFlow(request));

    private GatewayQuery Query(FlowGrant grant, Guid[] connectedGatewayIds) =>
        new(Ticket!.AccountId, Ticket.Version, grant.Resource.MinimumGatewayVersion, Ticket.Location, connectedGatewayIds);

    private FlowRequest Request(Guid sessionId, FlowGrant grant, LegacyConnection? legacy, string? requestRef) => new(
        sessionId,
        Ticket!,
        grant.Resource.Id,
        grant.Resource.For(_view!.Connectable.Variant)!.Gateway,
        grant.Policy.PolicyId,
        grant.Policy.GroupId,
        grant.Policy.MembershipId,
        grant.ExpiresAt,
        grant.Basis,
        legacy,
        requestRef);

    private void PushFailure(Guid resourceId, FlowFailure reason, IReadOnlyList<string>? violated) =>
        Push(Events.FlowCreationFailed, ClientMessages.FlowCreationFailed(resourceId, WireReasons.Name(reason), violated));

    private List<RelayEntry> Entries() => _relays.Entries(Ticket!.PublicKey, Ticket.TokenExpiresAt);

    private ulong ViewHash() => ViewHashes.Combine(
        _view!.Connectable.Hash,
        _configHash,
        _relays.Hash);

    [LoggerMessage(EventId = 3201, Level = LogLevel.Information, Message = "A flow to {ResourceId} found its site or gateway unreachable")]
    private partial void LogUnreachable(Exception exception, Guid resourceId);
}
