using System.Security.Cryptography;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.EndToEnd.Peers;

/// <summary>An account of its own with one actor, site and resource, made in the portal's database as an operator would.</summary>
internal sealed class TestAccount
{
    private TestAccount(Provisioner provisioner) => Provisioner = provisioner;

    public Provisioner Provisioner { get; }

    public Guid Id { get; private init; }

    public Guid Actor { get; private init; }

    public Guid Site { get; private init; }

    public Guid Resource { get; private init; }

    public IssuedToken Client { get; private init; } = null!;

    public IssuedToken Gateway { get; private init; } = null!;

    public IssuedToken Relay { get; private init; } = null!;

    public static async Task<TestAccount> CreateAsync(Database database, string actorType = "account_user")
    {
        var provisioner = new Provisioner(database);
        var id = await provisioner.CreateAccountAsync($"t{Guid.NewGuid():N}"[..12], "Test");
        var everyone = await provisioner.EnsureEveryoneAsync(id);
        var actor = await provisioner.CreateActorAsync(id, actorType, "Ada", actorType == "service_account" ? null : "ada@example.com");
        var site = await provisioner.CreateSiteAsync(id, "Frankfurt");
        var resource = await provisioner.CreateResourceAsync(id, site, "cidr", "Lab", "10.20.0.0/16");
        await provisioner.CreatePolicyAsync(everyone, resource);
        return new TestAccount(provisioner)
        {
            Id = id,
            Actor = actor,
            Site = site,
            Resource = resource,
            Client = await provisioner.IssueClientTokenAsync(actor, DateTimeOffset.UtcNow.AddDays(1)),
            Gateway = await provisioner.IssueGatewayTokenAsync(site),
            Relay = await provisioner.IssueRelayTokenAsync(),
        };
    }

    /// <summary>A fresh WireGuard public key.</summary>
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
