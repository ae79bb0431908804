using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;

namespace Firezone.Storage.Postgres.Tests.Accounts;

public sealed class AccountReaderTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly AccountReader _reader = new(postgres.Database);

    [Fact]
    public async Task An_account_is_read_with_all_its_parts()
    {
        var account = await TestAccount.CreateAsync(postgres);
        var p = postgres.Provisioner;
        var everyone = await p.EnsureEveryoneAsync(account.Id);
        Assert.Equal(everyone, await p.EnsureEveryoneAsync(account.Id));
        var lab = await p.CreateResourceAsync(
            account.Id, null, "cidr", "Lab", "10.20.0.0/16", [new("tcp", ["443", "100 - 200"]), new("icmp", [])], "the lab");
        var internet = await p.CreateResourceAsync(account.Id, account.Site, "internet", "Internet", null);
        var policy = await p.CreatePolicyAsync(everyone, lab, [new("remote_ip", "is_in_cidr", ["10.0.0.0/8", "192.0.2.0/24"])]);
        await p.SetConfigAsync(account.Id, new AccountConfig("corp.example.com", "custom", ["1.1.1.1"], null));

        var data = (await _reader.LoadAsync(account.Id, CancellationToken.None))!;

        Assert.Equal(account.Id, data.Id);
        Assert.StartsWith("account-", data.Slug, StringComparison.Ordinal);
        Assert.Equal("corp.example.com", data.Config.SearchDomain);
        Assert.Equal("custom", data.Config.DnsType);
        Assert.Equal(["1.1.1.1"], data.Config.DnsAddresses);
        Assert.Null(data.Config.DohProvider);
        Assert.Equal([new SiteRow(account.Site, "Frankfurt")], data.Sites);
        Assert.Equal(3, data.Resources.Length);
        var dns = data.Resources.Single(r => r.Id == account.Resource);
        Assert.Equal(("dns", "wiki.example.com", "dual", account.Site), (dns.Type, dns.Address, dns.IpStack, dns.SiteId));
        Assert.Empty(dns.Filters);
        var cidr = data.Resources.Single(r => r.Id == lab);
        Assert.Equal(("cidr", "the lab", null, null), (cidr.Type, cidr.AddressDescription, cidr.IpStack, cidr.SiteId));
        Assert.Equal(["tcp", "icmp"], cidr.Filters.Select(f => f.Protocol));
        Assert.Equal(["443", "100 - 200"], cidr.Filters[0].Ports);
        Assert.Null(data.Resources.Single(r => r.Id == internet).Address);
        Assert.Equal([true], data.Groups.Where(g => g.Id == everyone).Select(g => g.IsEveryone));
        Assert.Equal([new MembershipRow(account.Membership, account.Group, account.Actor)], data.Memberships);
        var conditional = data.Policies.Single(x => x.Id == policy);
        Assert.Equal((everyone, lab), (conditional.GroupId, conditional.ResourceId));
        var condition = Assert.Single(conditional.Conditions);
        Assert.Equal(("remote_ip", "is_in_cidr"), (condition.Property, condition.Operator));
        Assert.Equal(["10.0.0.0/8", "192.0.2.0/24"], condition.Values);
    }

    [Fact]
    public async Task Disabled_policies_are_left_out()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await postgres.ExecuteAsync("update policies set disabled_at = clock_timestamp() where id = $1", account.Policy);
        Assert.Empty((await _reader.LoadAsync(account.Id, CancellationToken.None))!.Policies);
    }

    [Fact]
    public async Task An_unknown_account_is_null() => Assert.Null(await _reader.LoadAsync(Guid.NewGuid(), CancellationToken.None));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"dns": 7, "search_domain": ["x"]}""")]
    [InlineData("""{"dns": {"type": "nonsense", "addresses": "1.1.1.1"}}""")]
    public async Task A_config_that_makes_no_sense_reads_as_the_default(string config)
    {
        var account = await TestAccount.CreateAsync(postgres);
        await postgres.ExecuteAsync("update accounts set config = $2::text::jsonb where id = $1", account.Id, config);
        var read = (await _reader.LoadAsync(account.Id, CancellationToken.None))!.Config;
        Assert.Equal(AccountConfig.Default with { DnsAddresses = read.DnsAddresses }, read);
        Assert.Empty(read.DnsAddresses);
    }

    [Fact]
    public async Task A_malformed_condition_is_kept_as_one_that_nothing_satisfies()
    {
        var account = await TestAccount.CreateAsync(postgres);
        await postgres.ExecuteAsync("""update policies set conditions = '[17, {"property": "remote_ip"}]' where id = $1""", account.Policy);
        var policy = Assert.Single((await _reader.LoadAsync(account.Id, CancellationToken.None))!.Policies);
        Assert.Equal(["", "remote_ip"], policy.Conditions.Select(c => c.Property));
        Assert.All(policy.Conditions, c => Assert.Equal("", c.Operator));
    }

    [Fact]
    public async Task What_is_read_is_of_one_instant()
    {
        // Each transaction adds a site and a group; a read that mixed two instants would see their numbers differ.
        var account = await TestAccount.CreateAsync(postgres);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await postgres.ExecuteAsync(
                    """
                    with g as (insert into groups (account_id, name) values ($1, 'g'))
                    insert into sites (account_id, name) values ($1, $2)
                    """,
                    account.Id,
                    $"site {i}");
            }
        });
        for (var i = 0; i < 100; i++)
        {
            var data = (await _reader.LoadAsync(account.Id, CancellationToken.None))!;
            Assert.Equal(data.Sites.Length, data.Groups.Length);
        }
        await stop.CancelAsync();
        await writing;
    }
}
