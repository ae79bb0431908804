using Npgsql;

namespace Firezone.Changes.Bench;

/// <summary>
/// An account whose clients see ten resources, all of them the same, and of which ten, spread over the silos as evenly as in any other
/// crowd, see one more through a policy of their own.
/// </summary>
internal sealed class Crowd
{
    private const int Common = 10;

    // Until every silo holds its part of those concerned; what is too many on one silo leaves again.
    private const int Candidates = 20 * Plan.Concerned;

    private readonly Portal _portal;
    private readonly Guid _policy;
    private readonly Guid[] _sessions;
    private int _changes;

    private Crowd(Portal portal, Guid policy, Guid[] sessions)
    {
        _portal = portal;
        _policy = policy;
        _sessions = sessions;
    }

    public static async Task<Crowd> GatherAsync(Portal portal, int clients)
    {
        var account = await LargeAccount.CreateAsync(portal.Quiet);
        var groups = await account.AddGroupsAsync(2);
        var (all, few) = (groups[0], groups[1]);
        var resources = await account.AddResourcesAsync(Common + 1);
        await account.AddPoliciesAsync([.. resources[..Common].Select(resource => (all, resource)), (few, resources[Common])]);
        var candidates = await account.AddDevicesAsync(Candidates);
        var others = clients > Plan.Concerned ? await account.AddDevicesAsync(clients - Plan.Concerned) : [];
        await account.AddMembersAsync([.. candidates.Concat(others).Select(device => (all, device.ActorId))]);

        var concerned = await ChooseAsync(portal, account.Id, candidates);
        await portal.Fleet.ConnectAsync(account.Id, await portal.VersionAsync(account.Id), others);
        Guid[] sessions = [.. concerned.Select(client => client.SessionId)];
        await using var join = portal.Database.CreateCommand(
            "insert into memberships (account_id, group_id, actor_id) select $1, $2, unnest($3)");
        join.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Id });
        join.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = few });
        join.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. concerned.Select(client => client.Device.ActorId)] });
        var told = portal.Pushes.ExpectAsync(sessions, "resource_created_or_updated");
        await join.ExecuteNonQueryAsync();
        await told;

        await using var find = portal.Database.CreateCommand("select id from policies where group_id = $1");
        find.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = few });
        return new Crowd(portal, (Guid)(await find.ExecuteScalarAsync())!, sessions);
    }

    /// <summary>
    /// Gives the policy another condition that all of its clients satisfy: each of them is told that the resource went and came again.
    /// </summary>
    /// <returns>Milliseconds from just before the commit to the last push.</returns>
    public async Task<double> ChangeAsync()
    {
        var told = _portal.Pushes.ExpectAsync(_sessions, "resource_created_or_updated");
        await using var connection = await _portal.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var change = new NpgsqlCommand("update policies set conditions = $1::jsonb where id = $2", connection);
        change.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Fleet.Condition(14 + _changes++ % 2) });
        change.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = _policy });
        await change.ExecuteNonQueryAsync();
        var committed = Clock.Now();
        await transaction.CommitAsync();
        return Clock.Milliseconds(committed, await told);
    }

    private static async Task<List<Connected>> ChooseAsync(Portal portal, Guid account, Device[] candidates)
    {
        var most = (Plan.Concerned + Plan.Silos - 1) / Plan.Silos;
        var kept = new List<Connected>();
        foreach (var candidate in candidates)
        {
            if (kept.Count == Plan.Concerned)
                return kept;
            var client = (await portal.Fleet.ConnectAsync(account, 1, [candidate]))[0];
            if (kept.Count(other => other.Silo == client.Silo) < most)
                kept.Add(client);
            else
                await portal.Fleet.DisconnectAsync(client);
        }

        throw new InvalidOperationException("The clients do not spread over the silos.");
    }
}
