using Firezone.Grains.Abstractions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.Operations;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Authorization;
using Firezone.Grains.Relays;
using Firezone.Grains.Sessions;
using Firezone.Grains.Sites;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Membership.Postgres.Placement;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Firezone.Wire.Ice;
using Firezone.Wire.Relay;
using Microsoft.Extensions.Logging;
using Orleans.Placement;
using Orleans.Runtime;

namespace Firezone.Grains.Gateways;

/// <inheritdoc cref="IGatewayGrain" />
/// <remarks>
/// Flow requests, acknowledgements, commits, renewals, candidates and the silo's events interleave with each other at awaits; each looks
/// at the session, and at whether what it works on is still held, again after its own.
/// </remarks>
[KeepAlive, PreferRegion, PreferLocalPlacement]
public sealed partial class GatewayGrain(
    SessionServices services,
    FlowSigning signing,
    AuthorizationReader reader,
    AuthorizationWriter writer,
    ILogger<GatewayGrain> logger) : SessionGrain<GatewayTicket>(services), IGatewayGrain
{
    /// <summary>Acknowledgements that come later than this are checked against the database.</summary>
    private static readonly TimeSpan PendingTime = TimeSpan.FromMinutes(1);

    /// <summary>So long flows wait for a gateway whose socket has ended.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(1);

    /// <summary>Expired authorizations leave the memory at this pace.</summary>
    private static readonly TimeSpan PrunePeriod = TimeSpan.FromSeconds(60);

    private readonly AuthorizationMap _authorizations = new();
    private bool _isAttached;
    private bool _pruneIsDue;
    private string _slug = "";
    private SessionRelays _relays = new();
    private Guid _siteId;

    /// <inheritdoc />
    public async Task<AttachResult> Attach(SessionRef session, GatewayTicket ticket, Resume? resume)
    {
        if (!IsNewest(session))
            return Superseded();
        // Registered first, read second: a change that comes between the two is not lost.
        TakeOver(
            SessionKind.Gateway, session, ticket, new SessionOwner(ticket.AccountId, ticket.TokenId, null), _authorizations.Ids);
        _siteId = ticket.SiteId;
        // What is being stored now may be missing from what is read.
        var stored = StoredIds();
        var reading = reader.LoadForGatewayAsync(ticket.GatewayId, CancellationToken.None);
        var account = Services.Accounts.GetAsync(ticket.AccountId, resume is null ? ticket.AccountVersion : 0).AsTask();
        await Task.WhenAll(reading, account);
        var read = await reading;
        if (await account is null || read.AccountVersion == 0)
            return await GoneAsync();

        var missed = Services.Accounts.Since(ticket.AccountId, ticket.AccountVersion);
        if (missed.IsWhole)
            Services.Doubtful.Add([Local]);
        if (missed.GatewaysRemoved.ContainsKey(ticket.GatewayId) || missed.GatewayTokensRemoved.ContainsKey(ticket.TokenId))
            return await GoneAsync();

        // Revoked while the gateway was away; it is told below.
        foreach (var grant in Hold(read, stored))
            _authorizations.Remove(grant.ClientId, grant.ResourceId, grant.Id);
        _slug = Services.Accounts.TryGet(ticket.AccountId)?.Slug ?? (await account)!.Slug;
        _relays.Start(Services.Relays.Current, ticket.Location, Local);
        _isAttached = true;
        SchedulePrune();
        var hash = ViewHash();
        var init = resume?.ViewHash == hash ? null : RenderInit();
        AskAgain(ticket);
        TellWhatWasMissed(read, isToldInit: init is not null);
        // Changes that came after the read were announced to a grain that was not ready.
        Reconsider(Services.Accounts.Since(ticket.AccountId, read.AccountVersion));
        // First for a site that begins now and asks, which the announcement may miss.
        var presence = Presence();
        Services.Sessions.Announce(Local, new PresentGateway(_siteId, presence));
        await Site.Announce(presence);
        return Attached(init, hash);
    }

    /// <inheritdoc />
    public async Task SendIceCandidates(Guid sessionId, Guid[] clientIds, string[] candidates, bool invalidate)
    {
        if (await HasAsync(sessionId))
        {
            var (account, gateway) = (Ticket!.AccountId, Ticket.GatewayId);
            foreach (var clientId in clientIds)
                Tell(clientId, nameof(IClientGrain.ReceiveIceCandidates), client => client.ReceiveIceCandidates(account, gateway, candidates, invalidate));
        }
    }

    /// <inheritdoc />
    public async Task ReceiveIceCandidates(Guid accountId, Guid clientId, string[] candidates, bool invalidate)
    {
        await ArrivalAsync();
        if (Ticket?.AccountId == accountId)
            Push(invalidate ? Events.InvalidateIceCandidates : Events.IceCandidates, IceMessages.ToGateway(clientId, candidates));
        else
            DeactivateIfUnused();
    }

    /// <inheritdoc />
    public override Task OnRelaysChanged()
    {
        if (_isAttached && _relays.TryUpdate(Services.Relays.Current, Ticket!.Location, Local, out var gone))
            Push(Events.RelaysPresence, RelayMessages.Presence(gone, Entries()), ViewHash());
        return base.OnRelaysChanged();
    }

    /// <inheritdoc />
    public override Task OnDue()
    {
        _pruneIsDue = false;
        if (!_isAttached)
            return base.OnDue();
        if (_readAgain is { } impact)
            _ = ReadAgainAsync(impact);
        var now = Now;
        _authorizations.Prune(now);
        _answered.Rotate();
        ForgetUnanswered(now);
        SchedulePrune();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    /// <remarks>
    /// Waits for the rows on their way, which the next activation must find in the database or not at all. Bounded: the writer gives up
    /// by itself.
    /// </remarks>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        LeaveSession();
        while (_beingStored.Count > 0 && !cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(_beingStored.Values)
                .WaitAsync(cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            // Those who waited for the same rows have their turn.
            await Task.Yield();
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <inheritdoc />
    public override Task Announce() => _isAttached ? Site.Announce(Presence()) : base.Announce();

    /// <inheritdoc />
    protected override SessionDescription Describe(GatewayTicket ticket) => new(ticket.RemoteIp, ticket.Version);

    /// <inheritdoc />
    protected override SessionState Describe(SessionState state) => state with
    {
        Authorizations = _authorizations.Count,
        FlowsUnderWay = _pending.Count,
        RowsUnderWay = _beingStored.Count,
    };

    /// <inheritdoc />
    protected override Func<Task> Withdrawal(Guid sessionId)
    {
        var (site, id) = (Site, this.GetPrimaryKey());
        return () => site.Withdraw(id, sessionId);
    }

    /// <inheritdoc />
    protected override void ForgetState()
    {
        // What is on its way or granted stays: the gateway serves it whatever becomes of its socket.
        (_isAttached, _relays, _pruneIsDue) = (false, new SessionRelays(), false);
    }

    /// <inheritdoc />
    protected override void OnEnded()
    {
        if (IsBusy)
            _ = RefuseUnlessBackAsync();
    }

    /// <inheritdoc />
    /// <remarks>With flows on their way, for the moment that a gateway needs to come back.</remarks>
    protected override bool IsBusy => _pending.Count > 0;

    /// <summary>
    /// A gateway that has heard of such a flow serves it, and its row tells it so when it is back; the client asks again, and finds another
    /// gateway.
    /// </summary>
    private async Task RefuseUnlessBackAsync()
    {
        await Task.Delay(ReturnTime, Services.ClusterTime);
        if (Session is not null)
            return;
        foreach (var flow in _pending.Values.ToList())
            Fail(flow, FlowFailure.Offline);
        DeactivateIfUnused();
    }

    private void Tell(Guid clientId, string method, Func<IClientGrain, Task> what) =>
        Services.Calls.Tell(GrainFactory.Find<IClientGrain>(clientId), clientId, method, what);

    private ISiteGrain Site => GrainFactory.Find<ISiteGrain>(_siteId);

    private GatewayPresence Presence() => new(
        Ticket!.AccountId, Ticket.GatewayId, Session!.SessionId, Ticket.Version, Ticket.RemoteIp, Ticket.Location);

    private byte[] RenderInit()
    {
        var account = Services.Accounts.TryGet(Ticket!.AccountId);
        var authorizations = _authorizations.Snapshot(Now, resource => account?.FindResource(resource)?.Revision ?? 0);
        return GatewayMessages.Init(_slug, Ticket.Ipv4, Ticket.Ipv6, Entries(), authorizations);
    }

    private List<RelayEntry> Entries() => _relays.Entries(Ticket!.PublicKey, TurnEntries.GatewayExpiry);

    // What the gateway was told by init or since by single messages; authorizations are told one by one and are not part of it.
    private ulong ViewHash() => ViewHashes.Combine(ViewHashes.Of(System.Text.Encoding.UTF8.GetBytes(_slug)), _relays.Hash);

    // A fixed instant, not a quiet time: a busy gateway must be pruned too.
    private void SchedulePrune()
    {
        if (_pruneIsDue || (_pending.Count == 0 && _answered.Count == 0 && _authorizations.Count == 0))
            return;
        _pruneIsDue = true;
        Services.Schedule.Set(Local, Now + PrunePeriod);
    }
}
