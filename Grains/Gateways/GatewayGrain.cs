using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Accounts;
using Firezone.Grains.Authorization;
using Firezone.Grains.Relays;
using Firezone.Grains.Sessions;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Batching;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Firezone.Wire.Ice;
using Firezone.Wire.Relay;
using Firezone.Wire.Secrets;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace Firezone.Grains.Gateways;

/// <inheritdoc cref="IGatewayGrain" />
/// <remarks>
/// Flow requests, acknowledgements, commits, candidates and the silo's events interleave with each other at awaits; each looks at the
/// session again after its own.
/// </remarks>
[KeepAlive, PreferLocalPlacement]
public sealed partial class GatewayGrain(
    SessionServices services,
    FlowSigning signing,
    AuthorizationReader reader,
    AuthorizationWriter writer,
    ILogger<GatewayGrain> logger) : SessionGrain<GatewayTicket>(services), IGatewayGrain
{
    /// <summary>Acknowledgements that come later than this are checked against the database.</summary>
    private static readonly TimeSpan PendingTime = TimeSpan.FromMinutes(1);

    /// <summary>Expired authorizations leave the memory at this pace.</summary>
    private static readonly TimeSpan PrunePeriod = TimeSpan.FromSeconds(60);

    private readonly Dictionary<Guid, PendingFlow> _pending = [];
    private readonly RecentIds _answered = new();
    private readonly AuthorizationMap _authorizations = new();
    private bool _pruneIsDue;
    private AccountSnapshot? _account;
    private SessionRelays _relays = new();
    private Guid _siteId;

    /// <inheritdoc />
    public async Task<AttachResult> Attach(SessionRef session, GatewayTicket ticket, Resume? resume)
    {
        if (!IsNewest(session))
            return Superseded();
        // Registered first, read second: a change that comes between the two is not lost.
        TakeOver(SessionKind.Gateway, session, ticket, ticket.AccountId);
        _siteId = ticket.SiteId;
        // Nothing is added while this runs, but a flow that is being stored now may be missing from what is read.
        var held = _pending.Values.Where(flow => !flow.Committed).Select(flow => flow.AuthorizationId).ToHashSet();
        var authorizations = reader.LoadForGatewayAsync(ticket.GatewayId, CancellationToken.None);
        var account = Services.Accounts.GetAsync(ticket.AccountId).AsTask();
        await Task.WhenAll(authorizations, account);
        foreach (var row in await authorizations)
        {
            _authorizations.Add(row.ClientId, row.ResourceId, row.Id, row.ExpiresAt);
            held.Add(row.Id);
        }

        // What has been revoked since an earlier session.
        _authorizations.RetainOnly(held);
        if (await account is not { } snapshot)
            return await GoneAsync();

        // A change that was announced while the authorizations were read found no account to renew.
        _account = Services.Accounts.TryGet(ticket.AccountId) ?? snapshot;
        _relays.Start(Services.Relays.Current, ticket.Location, Local);
        SchedulePrune();
        var hash = ViewHash();
        var init = resume?.ViewHash == hash ? null : RenderInit();
        await Site.Announce(Presence());
        return Attached(init, hash);
    }

    /// <inheritdoc />
    public Task<FlowFailure?> AuthorizeFlow(FlowRequest request)
    {
        if (_account is null || Ticket is not { } ticket || request.Client.AccountId != ticket.AccountId)
        {
            DeactivateIfUnused();
            return Task.FromResult<FlowFailure?>(FlowFailure.Offline);
        }

        var client = request.Client;
        var flow = new PendingFlow(
            Guid.CreateVersion7(),
            request.SessionId,
            client.ClientId,
            request.ResourceId,
            request.RequestRef,
            FlowSecrets.PresharedKey(client.ClientId, ticket.GatewayId, client.PublicKey, ticket.PublicKey, client.PskBase, ticket.PskBase),
            FlowSecrets.Ice(client.ClientId, client.PublicKey, ticket.GatewayId, ticket.PublicKey),
            Now);
        // Before anything is kept: a request that cannot be expressed must leave nothing behind.
        var flowRef = signing.Codec.Encode(
            new FlowRefContent(
                flow.ClientId, flow.SessionId, flow.ResourceId, flow.AuthorizationId, request.ExpiresAt.ToUnixTimeSeconds(), flow.RequestRef),
            ticket.GatewayId);
        var (eventName, payload) = FlowPushes.Render(request, flow, flowRef);
        var commit = writer.AddAsync(Row(flow, request, ticket), CancellationToken.None);
        _pending.Add(flow.AuthorizationId, flow);
        _authorizations.Add(flow.ClientId, flow.ResourceId, flow.AuthorizationId, request.ExpiresAt);
        SchedulePrune();
        Push(eventName, payload);
        _ = SettleAsync(flow, commit);
        return Task.FromResult<FlowFailure?>(null);
    }

    /// <inheritdoc />
    public Task<bool> FlowAuthorized(Guid sessionId, string flowRef) => AcknowledgeAsync(sessionId, flowRef, gatewayPayload: null);

    /// <inheritdoc />
    public Task<bool> ConnectionReady(Guid sessionId, string flowRef, byte[] gatewayPayload) =>
        AcknowledgeAsync(sessionId, flowRef, gatewayPayload);

    /// <inheritdoc />
    public Task SendIceCandidates(Guid sessionId, Guid[] clientIds, string[] candidates, bool invalidate)
    {
        if (Session?.SessionId == sessionId)
        {
            foreach (var clientId in clientIds)
                _ = GrainFactory.GetGrain<IClientGrain>(clientId).ReceiveIceCandidates(Ticket!.AccountId, Ticket.GatewayId, candidates, invalidate);
        }

        DeactivateIfUnused();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ReceiveIceCandidates(Guid accountId, Guid clientId, string[] candidates, bool invalidate)
    {
        if (Ticket?.AccountId == accountId)
            Push(invalidate ? Events.InvalidateIceCandidates : Events.IceCandidates, IceMessages.ToGateway(clientId, candidates));
        else
            DeactivateIfUnused();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnAccountChanged()
    {
        if (_account is null || Services.Accounts.TryGet(_account.Id) is not { } account)
            return base.OnAccountChanged();
        var slugChanged = account.Slug != _account.Slug;
        _account = account;
        if (slugChanged)
            Push(Events.Init, RenderInit(), ViewHash());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnRelaysChanged()
    {
        if (_account is not null && _relays.TryUpdate(Services.Relays.Current, Ticket!.Location, Local, out var gone))
            Push(Events.RelaysPresence, RelayMessages.Presence(gone, Entries()), ViewHash());
        return base.OnRelaysChanged();
    }

    /// <inheritdoc />
    public override Task OnDue()
    {
        _pruneIsDue = false;
        if (_account is null)
            return base.OnDue();
        var now = Now;
        _authorizations.Prune(now);
        _answered.Rotate();
        foreach (var (id, flow) in _pending)
        {
            if (now - flow.SentAt > PendingTime)
                _pending.Remove(id);
        }

        SchedulePrune();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task Announce() => _account is null ? base.Announce() : Site.Announce(Presence());

    /// <inheritdoc />
    protected override SessionDescription Describe(GatewayTicket ticket) => new(ticket.TokenId, ticket.RemoteIp, ticket.Version);

    /// <inheritdoc />
    protected override Task WithdrawAsync(Guid sessionId) => Site.Withdraw(this.GetPrimaryKey(), sessionId);

    /// <inheritdoc />
    protected override void ForgetState()
    {
        // What is on its way or granted stays: the gateway serves it whatever becomes of its socket.
        (_account, _relays, _pruneIsDue) = (null, new SessionRelays(), false);
    }

    private ISiteGrain Site => GrainFactory.GetGrain<ISiteGrain>(_siteId);

    private async Task<bool> AcknowledgeAsync(Guid sessionId, string flowRef, byte[]? gatewayPayload)
    {
        if (Session?.SessionId != sessionId || Ticket is not { } ticket || !signing.Codec.TryDecode(flowRef, ticket.GatewayId, out var content))
        {
            DeactivateIfUnused();
            return false;
        }

        if (_pending.TryGetValue(content.AuthorizationId, out var flow))
        {
            flow.Acknowledged = true;
            flow.GatewayPayload ??= gatewayPayload;
            AnswerIfReady(flow);
            return true;
        }

        if (_answered.Contains(content.AuthorizationId))
            return true;

        // This activation did not send it: an earlier one did, or it was answered long ago. The row tells whether it may still be granted.
        if (gatewayPayload is null
            && content.ExpiresAtUnix > Now.ToUnixTimeSeconds()
            && await reader.ExistsAsync(content.AuthorizationId, CancellationToken.None)
            && await GrainFactory.GetGrain<IClientGrain>(content.ClientId).GetTicket(content.SessionId) is { } client
            && Session?.SessionId == sessionId)
        {
            Deliver(new PendingFlow(
                content.AuthorizationId,
                content.SessionId,
                content.ClientId,
                content.ResourceId,
                content.RequestRef,
                FlowSecrets.PresharedKey(client.ClientId, ticket.GatewayId, client.PublicKey, ticket.PublicKey, client.PskBase, ticket.PskBase),
                FlowSecrets.Ice(client.ClientId, client.PublicKey, ticket.GatewayId, ticket.PublicKey),
                Now));
        }

        return true;
    }

    /// <summary>Waits for the row. A flow without one is taken back on both sides.</summary>
    private async Task SettleAsync(PendingFlow flow, Task commit)
    {
        try
        {
            await commit;
            flow.Committed = true;
            AnswerIfReady(flow);
        }
        catch (Exception e) when (e is WriteRejectedException or WriteUnavailableException)
        {
            _pending.Remove(flow.AuthorizationId);
            var remaining = _authorizations.Remove(flow.ClientId, flow.ResourceId, flow.AuthorizationId);
            if (remaining.Outcome is AuthorizationRemovalOutcome.Last)
                Push(Events.RejectAccess, GatewayMessages.RejectAccess(flow.ClientId, flow.ResourceId));
            var reason = e is WriteRejectedException ? FlowFailure.NotFound : FlowFailure.Offline;
            _ = GrainFactory.GetGrain<IClientGrain>(flow.ClientId).FlowFailed(flow.SessionId, flow.ResourceId, reason, flow.RequestRef);
            LogNotStored(e, flow.AuthorizationId);
        }
    }

    private void AnswerIfReady(PendingFlow flow)
    {
        if (!flow.TryTakeAnswer())
            return;
        _pending.Remove(flow.AuthorizationId);
        _answered.Add(flow.AuthorizationId);
        Deliver(flow);
    }

    private void Deliver(PendingFlow flow)
    {
        if (Ticket is not { } ticket)
            return;
        var client = GrainFactory.GetGrain<IClientGrain>(flow.ClientId);
        if (flow.RequestRef is { } requestRef)
        {
            _ = client.ConnectionReady(flow.SessionId, requestRef, flow.ResourceId, ticket.PublicKey, flow.GatewayPayload ?? "null"u8.ToArray());
            return;
        }

        _ = client.FlowAuthorized(new GrantedFlow(
            flow.SessionId,
            ticket.AccountId,
            flow.ResourceId,
            ticket.SiteId,
            ticket.GatewayId,
            ticket.PublicKey,
            ticket.Ipv4,
            ticket.Ipv6,
            flow.PresharedKey,
            flow.Ice.ClientUsername,
            flow.Ice.ClientPassword,
            flow.Ice.GatewayUsername,
            flow.Ice.GatewayPassword));
    }

    private AuthorizationRow Row(PendingFlow flow, FlowRequest request, GatewayTicket ticket) => new(
        flow.AuthorizationId,
        ticket.AccountId,
        flow.ClientId,
        ticket.GatewayId,
        flow.ResourceId,
        request.PolicyId,
        request.MembershipId,
        request.Client.TokenId,
        request.Client.RemoteIp,
        request.Client.UserAgent,
        ticket.RemoteIp,
        request.ExpiresAt);

    private GatewayPresence Presence() => new(
        Ticket!.AccountId, Ticket.GatewayId, Session!.SessionId, Ticket.Version, Ticket.RemoteIp, Ticket.Location);

    private byte[] RenderInit()
    {
        var authorizations = _authorizations.Snapshot(Now);
        return GatewayMessages.Init(_account!.Slug, Ticket!.Ipv4, Ticket.Ipv6, Entries(), authorizations);
    }

    private List<RelayEntry> Entries() => _relays.Entries(Ticket!.PublicKey, TurnEntries.GatewayExpiry);

    // What the gateway was told by init or since by single messages; authorizations are told one by one and are not part of it.
    private ulong ViewHash() => ViewHashes.Combine(ViewHashes.Of(System.Text.Encoding.UTF8.GetBytes(_account!.Slug)), _relays.Hash);

    // A fixed instant, not a quiet time: a busy gateway must be pruned too.
    private void SchedulePrune()
    {
        if (_pruneIsDue || (_pending.Count == 0 && _answered.Count == 0 && _authorizations.Count == 0))
            return;
        _pruneIsDue = true;
        Services.Schedule.Set(Local, Now + PrunePeriod);
    }

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "Authorization {AuthorizationId} could not be stored; its flow is taken back")]
    private partial void LogNotStored(Exception exception, Guid authorizationId);
}
