using Firezone.Bench.Load;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;

namespace Firezone.Bench.Provision;

/// <summary>Makes an account for a benchmark: one site, resources open to everyone, and a token for every client.</summary>
internal static class LoadAccount
{
    // As many as make an init of 3 kB.
    private const int Resources = 20;
    private const int TokensPerActor = 100;

    /// <summary>Adds an account with a fresh name; best done before the server starts, which would follow every change.</summary>
    public static async Task<Credentials> CreateAsync(Database database, int clients, TimeProvider time, CancellationToken ct)
    {
        var provisioner = new Provisioner(database);
        var name = $"load-{Guid.NewGuid():N}"[..16];
        var account = await provisioner.CreateAccountAsync(name, name, ct);
        var group = await provisioner.CreateGroupAsync(account, "load", ct);
        var site = await provisioner.CreateSiteAsync(account, "site", ct);
        var resources = new List<string>();
        for (var number = 0; number < Resources; number++)
        {
            var resource = await provisioner.CreateResourceAsync(account, site, "cidr", $"net {number}", $"10.{number}.0.0/16", ct: ct);
            await provisioner.CreatePolicyAsync(group, resource, ct: ct);
            resources.Add(resource.ToString());
        }

        var actors = new List<Guid>();
        for (var number = 0; number * TokensPerActor < clients; number++)
        {
            var actor = await provisioner.CreateActorAsync(account, "service_account", $"robot {number}", ct: ct);
            await provisioner.AddMemberAsync(group, actor, ct);
            actors.Add(actor);
        }

        var administrator = await provisioner.CreateActorAsync(account, "api_client", "administrator", ct: ct);
        var tokens = new string[clients];
        var expiry = time.GetUtcNow().AddDays(30);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct };
        await Parallel.ForAsync(0, clients, parallel, async (number, token) =>
            tokens[number] = (await provisioner.IssueClientTokenAsync(actors[number / TokensPerActor], expiry, ct: token)).Text);
        return new Credentials
        {
            ClientTokens = tokens,
            GatewayToken = (await provisioner.IssueGatewayTokenAsync(site, ct)).Text,
            RelayToken = (await provisioner.IssueRelayTokenAsync(ct)).Text,
            AdminToken = (await provisioner.IssueAdminTokenAsync(administrator, "admin", "load", ct)).Text,
            Resources = resources,
        };
    }
}
