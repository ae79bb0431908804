using Npgsql;

namespace Firezone.Changes.Bench;

/// <summary>One transaction with very many memberships, in and out again.</summary>
internal static class BulkChanges
{
    private const string Join =
        "insert into memberships (account_id, group_id, actor_id) select account_id, $1, id from actors where account_id = $2";

    private const string Leave = "delete from memberships where group_id = $1 and account_id = $2";

    public static async Task RunAsync(Plan plan, Rows rows, CancellationToken ct)
    {
        await using var portal = await Portal.StartAsync(Plan.Silos, ct);
        Rows.Progress($"bulk: {plan.BulkClients:N0} clients connect ...");
        var account = await LargeAccount.CreateAsync(portal.Quiet);
        var groups = await account.AddGroupsAsync(2);
        var resources = await account.AddResourcesAsync(11);
        await account.AddPoliciesAsync([.. resources[..10].Select(resource => (groups[0], resource)), (groups[1], resources[10])]);
        var devices = await account.AddDevicesAsync(plan.BulkClients);
        await account.AddMembersAsync([.. devices.Select(device => (groups[0], device.ActorId))]);
        await account.AddActorsAsync([.. Enumerable.Range(0, plan.Bulk - devices.Length).Select(_ => Guid.NewGuid())]);
        var connected = await portal.Fleet.ConnectAsync(account.Id, await portal.VersionAsync(account.Id), devices);
        await portal.TidyAsync();

        var trial = new Trial(portal, account.Id, groups[1], [.. connected.Select(client => client.SessionId)]);
        var joins = new List<Outcome>();
        var leaves = new List<Outcome>();
        for (var run = 0; run < plan.BulkRuns; run++)
        {
            ct.ThrowIfCancellationRequested();
            Rows.Progress($"bulk: run {run + 1} of {plan.BulkRuns}");
            joins.Add(await trial.RunAsync(Join, "resource_created_or_updated"));
            leaves.Add(await trial.RunAsync(Leave, "resource_deleted"));
            await portal.TidyAsync();
        }

        Report(rows, Rows.Text($"{plan.Bulk:N0} memberships added in one transaction"), joins, plan);
        Report(rows, Rows.Text($"{plan.Bulk:N0} memberships deleted in one transaction"), leaves, plan);
    }

    private static void Report(Rows rows, string name, List<Outcome> outcomes, Plan plan)
    {
        rows.Add($"{name}: the statement itself", Rows.Spread(outcomes.Select(outcome => outcome.Statement), " ms"));
        rows.Add(
            Rows.Text($"… commit → snapshot current on all {Plan.Silos} silos"),
            Rows.Spread(outcomes.Select(outcome => outcome.Snapshot), " ms"));
        rows.Add(
            Rows.Text($"… commit → last of {plan.BulkClients:N0} clients concerned has its push"),
            Rows.Spread(outcomes.Select(outcome => outcome.Push), " ms"));
        rows.Add(Rows.Text($"… CPU of {Plan.Silos} silos"), Rows.CpuMilliseconds(outcomes.Select(outcome => outcome.Cost.Silos)));
        rows.Add("… CPU of PostgreSQL", Rows.CpuMilliseconds(outcomes.Select(outcome => outcome.Cost.Server)));
    }

    private sealed record Outcome(double Statement, double Snapshot, double Push, Cost Cost);

    private sealed class Trial(Portal portal, Guid account, Guid group, Guid[] sessions)
    {
        public async Task<Outcome> RunAsync(string sql, string eventName)
        {
            var version = await portal.VersionAsync(account) + 1;
            var before = portal.Cpu();
            await using var connection = await portal.Database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var change = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            change.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = group });
            change.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account });
            var began = Clock.Now();
            await change.ExecuteNonQueryAsync();
            var statement = Clock.Milliseconds(began, Clock.Now());

            var told = portal.Pushes.ExpectAsync(sessions, eventName);
            var current = portal.Silos.Select(silo => silo.ReachedAsync(account, version)).ToArray();
            var committed = Clock.Now();
            await transaction.CommitAsync();
            var snapshot = (await Task.WhenAll(current)).Max();
            var push = await told;
            return new Outcome(
                statement, Clock.Milliseconds(committed, snapshot), Clock.Milliseconds(committed, push), portal.Cpu() - before);
        }
    }
}
