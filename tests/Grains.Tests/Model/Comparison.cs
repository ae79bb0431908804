using System.Text.Json.Nodes;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Accounts;

namespace Firezone.Grains.Tests.Model;

/// <summary>Compares what sessions hold with what the rows say.</summary>
/// <param name="account">Whose sessions.</param>
/// <param name="step">What has happened.</param>
/// <param name="before">The rows before it.</param>
/// <param name="heldBefore">What gateways held before it.</param>
internal sealed class Comparison(
    ModelAccount account,
    ModelStep step,
    AccountRows? before,
    Dictionary<GatewayDevice, Comparison.Holding> heldBefore)
{
    private readonly List<string> _found = [];

    /// <summary>What a gateway's process held.</summary>
    internal sealed record Holding(
        Dictionary<(Guid ClientId, Guid ResourceId), GatewaySession.Access> Process,
        (Guid ClientId, Guid ResourceId)[] Pairs,
        GatewaySession? Session);

    /// <summary>The differences, none if all is well.</summary>
    /// <param name="rows">The rows; null if the account is gone.</param>
    public async Task<IReadOnlyList<string>> FindAsync(AccountRows? rows)
    {
        foreach (var session in account.Sessions)
        {
            _found.AddRange(session.Problems);
            if (session.IsLost && session.End is null)
                Say(session, "is not attached again");
            if (rows is null && session.End is null)
                Say(session, "is open although its account is gone");
        }

        if (rows is null)
            return _found;
        foreach (var snapshots in account.Cluster.Services<AccountSnapshots>())
        {
            if (snapshots.TryGet(account.Id)?.Version < rows.Version)
                _found.Add($"a silo has version {snapshots.TryGet(account.Id)?.Version}, not {rows.Version}");
        }

        var reference = new Reference(rows, account.Cluster.Time.GetUtcNow());
        foreach (var row in rows.Authorizations)
        {
            if (reference.Objection(row) is { } objection)
                _found.Add($"authorization {row.Id} of {row.ClientId} for {row.ResourceId}: {objection}");
        }

        foreach (var grant in rows.Grants.Where(g => !g.Valid))
            _found.Add($"{grant.ResourceId} was granted to {grant.ClientId} when no policy did");
        foreach (var client in account.Clients)
            Compare(client, reference);
        foreach (var gateway in account.Gateways)
            await CompareAsync(gateway, reference);
        new FlowComparison(account, step, before, IsStable, _found).Find(reference);
        return _found;
    }

    /// <summary>Whether the gateways' sockets and grains stayed through the step, so that every flow is answered.</summary>
    private bool IsStable => heldBefore.All(held =>
        held.Key.Open == held.Value.Session && !held.Key.IsSlow && !step.Texts.Any(t => t.StartsWith(held.Key.Name + " ", StringComparison.Ordinal)));

    private void Compare(ClientDevice client, Reference reference)
    {
        foreach (var session in client.Sessions)
        {
            var mayBe = reference.Exists(session.Viewer);
            var isNewest = session == client.Sessions[^1];
            if (session.End is { } end)
                CompareEnd(session, end, mayBe, isNewest, hasToken: reference.Rows.ClientTokens.Any(t => t.Id == session.Ticket.TokenId));
            else if (!mayBe)
                Say(session, "is open although its token or device is gone");
            else if (!isNewest)
                Say(session, "is open although there is a newer one");
            else
                Compare(session, reference);
        }

        if (client.Refused is not Refusal.None && reference.Rows is { Disabled: false } rows
            && rows.ClientTokens.Any(t => t.Id == client.Token.Id)
            && !rows.Actors.Single(a => a.Id == client.Token.ActorId).Disabled)
        {
            _found.Add($"{client.Name} was refused: {client.Refused}");
        }
    }

    private void CompareEnd(ModelSession session, string end, bool mayBe, bool isNewest, bool hasToken)
    {
        var isRight = end switch
        {
            "Left" or "Abandoned" => true,
            "Superseded" => !isNewest,
            "TokenRevoked" => !hasToken,
            _ => !mayBe,
        };
        if (!isRight)
            Say(session, $"was closed: {end}");
    }

    private void Compare(ClientSession session, Reference reference)
    {
        if (!JsonNode.DeepEquals(session.Interface, reference.Interface(session.Ticket.Ipv4, session.Ticket.Ipv6)))
            Say(session, $"has the interface {session.Interface?.ToJsonString()}");
        var expected = reference.Connectable(session.Viewer);
        foreach (var (id, resource) in expected)
        {
            if (!session.Resources.TryGetValue(id, out var told))
                Say(session, $"does not have {resource.ToJsonString()}");
            else if (!JsonNode.DeepEquals(told, resource))
                Say(session, $"has {told.ToJsonString()}\n      instead of {resource.ToJsonString()}");
        }

        foreach (var id in session.Resources.Keys.Where(id => !expected.ContainsKey(id)))
            Say(session, $"still has {id}");
        if (step.OnlyPolicy is { } policyId && before is not null && heldBefore.Count > 0)
            CompareDeleted(session, policyId, expected, reference);
    }

    /// <summary>A policy that was changed and is the only one that grants: the resource goes and comes again. Otherwise it stays.</summary>
    private void CompareDeleted(ClientSession session, Guid policyId, Dictionary<Guid, JsonObject> expected, Reference reference)
    {
        var earlier = new Reference(before!, account.Cluster.Time.GetUtcNow());
        var (old, now) = (before!.Policies.Single(p => p.Id == policyId), reference.Rows.Policies.SingleOrDefault(p => p.Id == policyId));
        var isPutAgain = now is not null && (old.GroupId != now.GroupId || !SameConditions(old, now));
        var deleted = earlier.Connectable(session.Viewer).Keys
            .Where(id => !expected.ContainsKey(id)
                || (isPutAgain && reference.Granting(session.Viewer, id).All(grant => grant.Policy == now)))
            .ToHashSet();
        if (step.IsFirstChange ? !deleted.SetEquals(session.Deleted) : !deleted.IsSubsetOf(session.Deleted))
            Say(session, $"was told resource_deleted for {string.Join(", ", session.Deleted)}, not for {string.Join(", ", deleted)}");
    }

    private static bool SameConditions(AccountRows.Policy a, AccountRows.Policy b) =>
        a.Conditions.Length == b.Conditions.Length
        && a.Conditions.Zip(b.Conditions).All(pair =>
            pair.First.Property == pair.Second.Property && pair.First.Operator == pair.Second.Operator
            && pair.First.Values.SequenceEqual(pair.Second.Values));

    private async Task CompareAsync(GatewayDevice gateway, Reference reference)
    {
        var rows = reference.Rows;
        foreach (var session in gateway.Sessions)
        {
            var hasToken = rows.GatewayTokens.Any(t => t.Id == session.Ticket.TokenId);
            var mayBe = hasToken && rows.Gateways.Any(g => g.Id == session.Ticket.GatewayId);
            if (session.End is { } end)
            {
                CompareEnd(session, end, mayBe, session == gateway.Sessions[^1], hasToken);
                if (end is not "Abandoned" && await session.IsStillOfferedAsync())
                    Say(session, "is closed and still offered to clients");
            }
            else if (!mayBe)
            {
                Say(session, "is open although its token or device is gone");
            }
            else
            {
                Compare(gateway, session, reference);
            }
        }

        if (gateway.Refused is not Refusal.None && rows.GatewayTokens.Any(t => t.Id == gateway.Token.Id))
            _found.Add($"{gateway.Name} was refused: {gateway.Refused}");
    }

    private void Compare(GatewayDevice gateway, GatewaySession session, Reference reference)
    {
        var rows = reference.Rows;
        if (session.Slug != rows.Slug)
            Say(session, $"has slug {session.Slug}, not {rows.Slug}");
        var id = session.Ticket.GatewayId;
        foreach (var (pair, access) in gateway.Held)
        {
            var live = rows.Authorizations.Where(a => a.GatewayId == id && a.ClientId == pair.ClientId && a.ResourceId == pair.ResourceId).ToList();
            if (live.Count == 0)
                Say(session, $"serves {pair} without an authorization");
            else if (access.ExpiresAt > Math.Floor(live.Max(a => a.ExpiresAt)))
                Say(session, $"serves {pair} until {access.ExpiresAt}, longer than {live.Max(a => a.ExpiresAt)}");
            else if ((access.Address, access.Filters) != reference.Served(pair.ResourceId))
                Say(session, $"serves {pair} as {access}, not {reference.Served(pair.ResourceId)}");
        }

        if (before is null || !heldBefore.TryGetValue(gateway, out var held) || held.Process != gateway.Held || held.Session is null)
            return;
        foreach (var pair in held.Pairs.Where(pair => !gateway.Held.ContainsKey(pair)))
        {
            var earlier = Ids(before, id, pair);
            if (earlier.Length > 0 && earlier.SequenceEqual(Ids(rows, id, pair)))
                Say(session, $"does not serve {pair} any more, and nothing has been revoked");
        }
    }

    private static Guid[] Ids(AccountRows rows, Guid gatewayId, (Guid ClientId, Guid ResourceId) pair) =>
        [.. rows.Authorizations.Where(a => a.GatewayId == gatewayId && (a.ClientId, a.ResourceId) == pair).Select(a => a.Id)];

    private void Say(ModelSession session, string difference) => _found.Add($"{session.Name} {session.Id:N} {difference}");
}
