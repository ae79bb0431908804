namespace Firezone.Changes.Bench;

/// <summary>
/// A policy that concerns ten clients changes, in an account with these ten and in one with thousands: what it costs all silos and the
/// database, and when the last of the ten has been told.
/// </summary>
internal static class PolicyChanges
{
    public static async Task RunAsync(Plan plan, Rows rows, CancellationToken ct)
    {
        await using var portal = await Portal.StartAsync(Plan.Silos, ct);
        Rows.Progress($"changes: {plan.Clients:N0} clients connect ...");
        var large = await Crowd.GatherAsync(portal, plan.Clients);
        var small = await Crowd.GatherAsync(portal, Plan.Concerned);
        await portal.TidyAsync();
        Rows.Progress("changes: warm-up ...");
        await BlockAsync(plan, portal, large, plan.WarmUp);
        await BlockAsync(plan, portal, small, plan.WarmUp);
        await BlockAsync(plan, portal, large, plan.WarmUp);
        await BlockAsync(plan, portal, small, plan.WarmUp);
        await SettleAsync(plan, portal);

        var (pushes, unexpected) = (portal.Pushes.Pushes, portal.Pushes.Unexpected);
        var (ofLarge, ofSmall, idle) = (new List<Block>(), new List<Block>(), new List<Cost>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            ct.ThrowIfCancellationRequested();
            Rows.Progress($"changes: round {round + 1} of {plan.Rounds}");
            idle.Add(await IdleAsync(plan, portal));
            // Whatever drifts must not favour one of them.
            if (round % 2 == 0)
                ofLarge.Add(await BlockAsync(plan, portal, large, plan.Changes));
            ofSmall.Add(await BlockAsync(plan, portal, small, plan.Changes));
            if (round % 2 == 1)
                ofLarge.Add(await BlockAsync(plan, portal, large, plan.Changes));
        }

        var rest = new Cost(Median(idle.Select(cost => cost.Silos)), Median(idle.Select(cost => cost.Server)));
        Cost[] net = [.. ofLarge.Select(block => block.PerChange(rest, plan.Changes))];
        Cost[] netOfSmall = [.. ofSmall.Select(block => block.PerChange(rest, plan.Changes))];
        var (ofThousands, ofFew) = (Rows.Text($"{Plan.Concerned} of {plan.Clients:N0} clients"), Rows.Text($"{Plan.Concerned} of {Plan.Concerned}"));
        rows.Add($"a policy change for {ofThousands}: CPU of the silos", Rows.CpuMilliseconds(net.Select(cost => cost.Silos)));
        rows.Add($"… for {ofFew}", Rows.CpuMilliseconds(netOfSmall.Select(cost => cost.Silos)));
        rows.Add("… ratio", Rows.Spread(net.Zip(netOfSmall, (a, b) => a.Silos / b.Silos)), "< 1.5");
        rows.Add($"… CPU of PostgreSQL, for {ofThousands}", Rows.CpuMilliseconds(net.Select(cost => cost.Server)));
        rows.Add($"… CPU of PostgreSQL, for {ofFew}", Rows.CpuMilliseconds(netOfSmall.Select(cost => cost.Server)));
        rows.Add("… ratio of silos and PostgreSQL together", Rows.Spread(net.Zip(netOfSmall, (a, b) => a.Total / b.Total)), "< 1.5");
        rows.Add($"commit → last push, {ofThousands}: median / p99 / longest", Rows.Times(ofLarge.SelectMany(block => block.Times)), "≤ 1 s");
        rows.Add($"… {ofFew}", Rows.Times(ofSmall.SelectMany(block => block.Times)), "≤ 1 s");
        var told = (portal.Pushes.Pushes - pushes) / (2.0 * plan.Rounds * plan.Changes * Plan.Concerned);
        rows.Add("pushes to each client concerned, per change", Rows.Text($"{told:0.##}"), "2");
        rows.Add("pushes to anyone else", Rows.Text($"{portal.Pushes.Unexpected - unexpected}"), "0");
        rows.Add("cores in use at rest: silos, PostgreSQL", Rows.Text($"{rest.Silos.TotalSeconds:0.000}, {rest.Server.TotalSeconds:0.000}"));
    }

    private static async Task<Block> BlockAsync(Plan plan, Portal portal, Crowd crowd, int changes)
    {
        var times = new List<double>();
        var (before, began) = (portal.Cpu(), Clock.Now());
        for (var change = 0; change < changes; change++)
            times.Add(await crowd.ChangeAsync());
        // What a silo does after the last push belongs to the change too.
        await Task.Delay(plan.Rest / 10, TimeProvider.System);
        return new Block(portal.Cpu() - before, TimeSpan.FromMilliseconds(Clock.Milliseconds(began, Clock.Now())), times);
    }

    /// <summary>Waits until the silos' compilers have done what the warm-up gave them to do.</summary>
    private static async Task SettleAsync(Plan plan, Portal portal)
    {
        var cost = await IdleAsync(plan, portal);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var next = await IdleAsync(plan, portal);
            if (next.Silos > cost.Silos * 0.9)
                return;
            cost = next;
        }
    }

    /// <returns>Per second.</returns>
    private static async Task<Cost> IdleAsync(Plan plan, Portal portal)
    {
        var (before, began) = (portal.Cpu(), Clock.Now());
        await Task.Delay(plan.Rest, TimeProvider.System);
        return (portal.Cpu() - before) / (Clock.Milliseconds(began, Clock.Now()) / 1000);
    }

    private static TimeSpan Median(IEnumerable<TimeSpan> values)
    {
        TimeSpan[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed record Block(Cost Cost, TimeSpan Duration, IReadOnlyList<double> Times)
    {
        /// <summary>Without what the same time would have cost at rest.</summary>
        public Cost PerChange(Cost idle, int changes) => (Cost - idle * Duration.TotalSeconds) / changes;
    }
}
