using Firezone.Shared;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Connecting;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.Storage.Postgres.Tests;

/// <summary>An account with a user, a site, a DNS resource and a policy that lets the user's group reach it.</summary>
internal sealed class TestAccount
{
    private static int _serial;

    public Guid Id { get; private init; }

    public Guid Actor { get; private init; }

    public Guid Group { get; private init; }

    public Guid Membership { get; private init; }

    public Guid Site { get; private init; }

    public Guid Resource { get; private init; }

    public Guid Policy { get; private init; }

    public IssuedToken ClientToken { get; private init; } = null!;

    public IssuedToken GatewayToken { get; private init; } = null!;

    public static async Task<TestAccount> CreateAsync(PostgresFixture postgres, string actorType = "account_user")
    {
        var p = postgres.Provisioner;
        var id = await p.CreateAccountAsync($"account-{Interlocked.Increment(ref _serial)}", "Account");
        var actor = await p.CreateActorAsync(id, actorType, "Ada", "ada@example.com");
        var group = await p.CreateGroupAsync(id, "Engineers");
        var site = await p.CreateSiteAsync(id, "Frankfurt");
        var resource = await p.CreateResourceAsync(id, site, "dns", "Wiki", "wiki.example.com");
        return new TestAccount
        {
            Id = id,
            Actor = actor,
            Group = group,
            Membership = await p.AddMemberAsync(group, actor),
            Site = site,
            Resource = resource,
            Policy = await p.CreatePolicyAsync(group, resource),
            ClientToken = await p.IssueClientTokenAsync(actor, DateTimeOffset.MaxValue.AddYears(-7000)),
            GatewayToken = await p.IssueGatewayTokenAsync(site),
        };
    }

    public AuthorizationRow Authorize(ClientRecord client, GatewayRecord gateway) => new(
        Guid.NewGuid(),
        Id,
        client.ClientId,
        gateway.GatewayId,
        Resource,
        Policy,
        Membership,
        ClientToken.Id,
        "198.51.100.7",
        "Debian/12 headless-client/1.5.7",
        "203.0.113.9",
        client.Now + TimeSpan.FromHours(1),
        1,
        1,
        false,
        1);
}
