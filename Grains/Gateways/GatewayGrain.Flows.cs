using Firezone.Grains.Abstractions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Accounts;
using Firezone.Grains.Authorization;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Batching;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Firezone.Wire.Secrets;
using Microsoft.Extensions.Logging;

namespace Firezone.Grains.Gateways;

/// <content>The way of a flow: ask the gateway, store the row, answer the client when both are done.</content>
public sealed partial class GatewayGrain
{
    private readonly Dictionary<Guid, PendingFlow> _pending = [];
    private readonly RecentIds _answered = new();

    /// <summary>Rows on their way to the database, of flows and of renewals.</summary>
    private readonly Dictionary<Guid, Task> _beingStored = [];

    /// <inheritdoc />
    public async Task<FlowFailure?> AuthorizeFlow(FlowRequest request)
    {
        await ArrivalAsync();
        if (!_isAttached || Ticket is not { } ticket || request.Client.AccountId != ticket.AccountId)
        {
            DeactivateIfUnused();
            return FlowFailure.Offline;
        }

        var client = request.Client;
        var basis = new GrantBasis(request.PolicyId, request.MembershipId, client.TokenId, request.Basis.DecidedAt, request.Basis.ResourceRevision);
        // This silo may know of a change that the client's silo did not when it decided.
        if (basis.IsLostBy(Services.Accounts.Since(ticket.AccountId, basis.DecidedAt), client.ClientId, request.ResourceId))
            return FlowFailure.NotFound;

        var flow = new PendingFlow(
            Guid.CreateVersion7(),
            request.SessionId,
            client.ClientId,
            request.ResourceId,
            request.RequestRef,
            ticket.PublicKey,
            FlowSecrets.PresharedKey(client.ClientId, ticket.GatewayId, client.PublicKey, ticket.PublicKey, client.PskBase, ticket.PskBase),
            FlowSecrets.Ice(client.ClientId, client.PublicKey, ticket.GatewayId, ticket.PublicKey),
            Now);
        // Before anything is kept: a request that cannot be expressed must leave nothing behind.
        var flowRef = signing.Codec.Encode(
            new FlowRefContent(
                flow.ClientId, flow.SessionId, flow.ResourceId, flow.AuthorizationId, request.ExpiresAt.ToUnixTimeSeconds(), flow.RequestRef),
            ticket.GatewayId);
        flow.Push = FlowPushes.Render(request, AsKnownHere(request), flow, flowRef);
        _pending.Add(flow.AuthorizationId, flow);
        _authorizations.Add(new Grant(flow.AuthorizationId, flow.ClientId, flow.ResourceId, request.ExpiresAt, basis));
        SchedulePrune();
        Push(flow.Push.Event, flow.Push.Payload);
        _ = SettleAsync(flow, new AuthorizationRow(
            flow.AuthorizationId,
            ticket.AccountId,
            flow.ClientId,
            ticket.GatewayId,
            flow.ResourceId,
            request.PolicyId,
            request.MembershipId,
            client.TokenId,
            client.RemoteIp,
            client.UserAgent,
            ticket.RemoteIp,
            request.ExpiresAt,
            request.Basis.PolicyRevision,
            request.Basis.ResourceRevision,
            client.Verified,
            basis.ToldRevision));
        return null;
    }

    /// <inheritdoc />
    public Task<bool> FlowAuthorized(Guid sessionId, string flowRef) => AcknowledgeAsync(sessionId, flowRef, gatewayPayload: null);

    /// <inheritdoc />
    public Task<bool> ConnectionReady(Guid sessionId, string flowRef, byte[] gatewayPayload) =>
        AcknowledgeAsync(sessionId, flowRef, gatewayPayload);

    private async Task<bool> AcknowledgeAsync(Guid sessionId, string flowRef, byte[]? gatewayPayload)
    {
        if (!await HasAsync(sessionId) || Ticket is not { } ticket || !signing.Codec.TryDecode(flowRef, ticket.GatewayId, out var content))
            return false;

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
        if (content.ExpiresAtUnix <= Now.ToUnixTimeSeconds())
            return true;
        if (!await reader.ExistsAsync(content.AuthorizationId, CancellationToken.None))
        {
            if (Session?.SessionId == sessionId && _isAttached && _authorizations.ExpiryOf(content.ClientId, content.ResourceId) is null)
                Reject(content.ClientId, content.ResourceId);
            return true;
        }

        if (gatewayPayload is null
            && await GrainFactory.Find<IClientGrain>(content.ClientId).GetTicket(content.SessionId) is { } client
            && Session?.SessionId == sessionId)
        {
            Deliver(new PendingFlow(
                content.AuthorizationId,
                content.SessionId,
                content.ClientId,
                content.ResourceId,
                content.RequestRef,
                ticket.PublicKey,
                FlowSecrets.PresharedKey(client.ClientId, ticket.GatewayId, client.PublicKey, ticket.PublicKey, client.PskBase, ticket.PskBase),
                FlowSecrets.Ice(client.ClientId, client.PublicKey, ticket.GatewayId, ticket.PublicKey),
                Now), ticket);
        }

        return true;
    }

    /// <summary>
    /// The resource as gateways read it. If this silo knows a newer one than the client's did, the gateway may have been told of that one
    /// already, and must not go back.
    /// </summary>
    private byte[] AsKnownHere(FlowRequest request) =>
        Services.Accounts.TryGet(request.Client.AccountId) is { } account
        && account.Version >= request.Basis.DecidedAt
        && account.FindResource(request.ResourceId)?.For(ResourceVariants.Of(request.Client.Version)) is { } rendering
            ? rendering.Gateway
            : request.Resource;

    /// <summary>Stores the row. A flow without one is taken back on both sides.</summary>
    private async Task SettleAsync(PendingFlow flow, AuthorizationRow row)
    {
        try
        {
            await StoreAsync(row);
            flow.Committed = true;
            AnswerIfReady(flow);
        }
        catch (Exception e) when (e is WriteRejectedException or WriteUnavailableException)
        {
            TakeBack(flow);
            Fail(flow, e is WriteRejectedException ? FlowFailure.NotFound : FlowFailure.Offline);
            LogNotStored(e, flow.AuthorizationId);
        }
    }

    /// <summary>Stores a row for what is held. If a change took it away meanwhile, the row goes again.</summary>
    private async Task StoreAsync(AuthorizationRow row)
    {
        var storing = writer.AddAsync(row, CancellationToken.None);
        _beingStored.Add(row.Id, storing);
        try
        {
            await storing;
        }
        catch (WriteUnavailableException)
        {
            // The answer did not come in time; the row may have been stored all the same.
            _ = RemoveRowAsync(row.Id);
            throw;
        }
        finally
        {
            _beingStored.Remove(row.Id);
        }

        if (!_authorizations.Holds(row.ClientId, row.ResourceId, row.Id))
            await RemoveRowAsync(row.Id);
    }

    private async Task RemoveRowAsync(Guid authorizationId)
    {
        try
        {
            await writer.RemoveAsync(authorizationId, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The gateway has been told; should it come back before the row expires, it is told anew what the row allows.
            LogNotRemoved(e, authorizationId);
        }
    }

    /// <summary>The rows that were in the database before this call, as far as this activation knows.</summary>
    private HashSet<Guid> StoredIds() => [.. _authorizations.Except(_beingStored).Select(grant => grant.Id)];

    private void AnswerIfReady(PendingFlow flow)
    {
        // Without a socket it waits for the next one, which looks at what waits.
        if (!_isAttached || Ticket is not { } ticket || !flow.TryTakeAnswer())
            return;
        if (!_authorizations.Holds(flow.ClientId, flow.ResourceId, flow.AuthorizationId))
        {
            Fail(flow, FlowFailure.NotFound);
            return;
        }

        _pending.Remove(flow.AuthorizationId);
        _answered.Add(flow.AuthorizationId);
        Deliver(flow, ticket);
    }

    private void Fail(PendingFlow flow, FlowFailure reason)
    {
        _pending.Remove(flow.AuthorizationId);
        Tell(
            flow.ClientId,
            nameof(IClientGrain.FlowFailed),
            client => client.FlowFailed(flow.SessionId, flow.ResourceId, reason, flow.RequestRef));
    }

    private void TakeBack(PendingFlow flow)
    {
        var remaining = _authorizations.Remove(flow.ClientId, flow.ResourceId, flow.AuthorizationId);
        if (remaining.Outcome is AuthorizationRemovalOutcome.Last)
            Reject(flow.ClientId, flow.ResourceId);
        else if (remaining.Outcome is AuthorizationRemovalOutcome.Remaining)
            TellExpiry(flow.ClientId, flow.ResourceId, remaining.Remaining!.Value); // the one taken back may have lasted longer
    }

    /// <summary>
    /// The gateway has another socket. What the earlier one was asked may not have arrived; one that has answered is not hurt by a
    /// repetition. One with another key, a new process, holds nothing of it.
    /// </summary>
    private void AskAgain(GatewayTicket ticket)
    {
        foreach (var flow in _pending.Values.ToList())
        {
            if (!_authorizations.Holds(flow.ClientId, flow.ResourceId, flow.AuthorizationId))
                Fail(flow, FlowFailure.NotFound);
            else if (flow.GatewayKey != ticket.PublicKey)
                GiveUp(flow);
            else if (flow.Acknowledged)
                AnswerIfReady(flow);
            else
                Push(flow.Push.Event, flow.Push.Payload);
        }
    }

    /// <summary>The client may ask again.</summary>
    private void GiveUp(PendingFlow flow)
    {
        TakeBack(flow);
        Fail(flow, FlowFailure.Offline);
        // A row on its way is removed when it has arrived and is not held any more.
        if (!_beingStored.ContainsKey(flow.AuthorizationId))
            _ = RemoveRowAsync(flow.AuthorizationId);
    }

    /// <summary>
    /// What the gateway has not acknowledged for so long is not granted: it may never have heard of it, and may hold the resource as it was
    /// before.
    /// </summary>
    private void ForgetUnanswered(DateTimeOffset now)
    {
        foreach (var flow in _pending.Values.Where(flow => now - flow.SentAt > PendingTime).ToList())
        {
            if (!_beingStored.ContainsKey(flow.AuthorizationId))
                GiveUp(flow);
        }
    }

    private void Deliver(PendingFlow flow, GatewayTicket ticket)
    {
        using var span = FlowTrace.Answer(flow);
        if (flow.RequestRef is { } requestRef)
        {
            var payload = flow.GatewayPayload ?? "null"u8.ToArray();
            Tell(
                flow.ClientId,
                nameof(IClientGrain.ConnectionReady),
                client => client.ConnectionReady(flow.SessionId, requestRef, flow.ResourceId, ticket.PublicKey, payload));
            return;
        }

        var granted = new GrantedFlow(
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
            flow.Ice.GatewayPassword);
        Tell(flow.ClientId, nameof(IClientGrain.FlowAuthorized), client => client.FlowAuthorized(granted));
    }

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "Authorization {AuthorizationId} could not be stored; its flow is taken back")]
    private partial void LogNotStored(Exception exception, Guid authorizationId);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message = "Authorization {AuthorizationId} was revoked while it was stored, and its row could not be removed")]
    private partial void LogNotRemoved(Exception exception, Guid authorizationId);
}
