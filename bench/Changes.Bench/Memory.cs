namespace Firezone.Changes.Bench;

/// <summary>What one more connected client weighs on a silo that holds its account already, and what the account itself weighs.</summary>
internal static class Memory
{
    private const int Seed = 20261;

    public static async Task RunAsync(Plan plan, Rows rows, CancellationToken ct)
    {
        await using var portal = await Portal.StartAsync(1, ct);
        var silo = portal.Silos[0];
        var (low, high) = plan.Weighed;
        Rows.Progress($"memory: an account with {high * plan.Memberships:N0} memberships is made ...");
        var (lone, only) = await AccountAsync(portal, plan, 1, 0);
        var (crowded, devices) = await AccountAsync(portal, plan, high, plan.Memberships);
        var (first, warm) = await AccountAsync(portal, plan, low, plan.Memberships);
        await portal.TidyAsync();

        // Code, buffers and pools of a silo that has worked.
        Rows.Progress("memory: warm-up ...");
        foreach (var client in await portal.Fleet.ConnectAsync(first, 1, warm))
            await portal.Fleet.DisconnectAsync(client);
        var empty = await RestedAsync(plan, silo);
        await portal.Fleet.ConnectAsync(lone, 1, only);
        var withLone = await RestedAsync(plan, silo);
        await portal.Fleet.ConnectAsync(crowded, 1, devices[..1]);
        var withCrowded = await RestedAsync(plan, silo);
        Rows.Progress($"memory: {low:N0} clients connect ...");
        await portal.Fleet.ConnectAsync(crowded, 1, devices[1..low]);
        var withLow = await RestedAsync(plan, silo);
        Rows.Progress($"memory: {high:N0} clients connect ...");
        await portal.Fleet.ConnectAsync(crowded, 1, devices[low..]);
        var withHigh = await RestedAsync(plan, silo);

        var (account, members) = (withLone - empty, withCrowded - withLone);
        var further = withHigh - withLow;
        var managed = (double)further.Managed / (high - low);
        var resident = (double)further.Resident / (high - low);
        var held = (double)(members - account).Managed / high;
        rows.Add(Rows.Text($"one more connected client, from {low:N0} to {high:N0}: managed bytes"), Rows.Kilobytes(managed), "≤ 16 kB");
        rows.Add("… resident set", Rows.Kilobytes(resident), "≤ 16 kB");
        rows.Add(
            Rows.Text($"… its {plan.Memberships} memberships in the account's snapshot, connected or not: managed bytes"),
            Rows.Kilobytes(held));
        rows.Add("… both: managed bytes", Rows.Kilobytes(managed + held), "≤ 16 kB");
        rows.Add(
            Rows.Text($"the account: {plan.Policies:N0} policies, {plan.Policies / 2:N0} resources, no membership: managed bytes, resident set"),
            $"{Rows.Megabytes(account.Managed)}, {Rows.Megabytes(account.Resident)}");
        rows.Add(
            Rows.Text($"… with {high * plan.Memberships:N0} memberships"),
            $"{Rows.Megabytes(members.Managed)}, {Rows.Megabytes(members.Resident)}");
        rows.Add(
            "the silo before its first client: managed bytes, resident set",
            $"{Rows.Megabytes(empty.Managed)}, {Rows.Megabytes(empty.Resident)}");
        rows.Add(
            Rows.Text($"… with {high:N0} clients"), $"{Rows.Megabytes(withHigh.Managed)}, {Rows.Megabytes(withHigh.Resident)}");
    }

    private static async Task<Weight> RestedAsync(Plan plan, SiloProcess silo)
    {
        await Task.Delay(plan.Rest, TimeProvider.System);
        return await silo.WeighAsync();
    }

    /// <summary>Each group has two policies; each client is in random groups, so that hardly two clients see the same resources.</summary>
    private static async Task<(Guid Account, Device[] Devices)> AccountAsync(Portal portal, Plan plan, int clients, int memberships)
    {
        var random = new Random(Seed);
        var account = await LargeAccount.CreateAsync(portal.Quiet);
        var groups = await account.AddGroupsAsync(plan.Policies / 2);
        var resources = await account.AddResourcesAsync(plan.Policies / 2);
        await account.AddPoliciesAsync([.. groups.SelectMany(group => Two(random, resources).Select(resource => (group, resource)))]);
        var devices = await account.AddDevicesAsync(clients);
        var members = new List<(Guid Group, Guid Actor)>();
        foreach (var device in devices)
        {
            random.Shuffle(groups);
            members.AddRange(groups.Take(memberships).Select(group => (group, device.ActorId)));
        }

        await account.AddMembersAsync(members);
        return (account.Id, devices);
    }

    private static Guid[] Two(Random random, Guid[] of)
    {
        var one = random.Next(of.Length);
        return [of[one], of[(one + random.Next(1, of.Length)) % of.Length]];
    }
}
