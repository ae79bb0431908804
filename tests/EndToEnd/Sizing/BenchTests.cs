using System.Text.Json.Nodes;
using Firezone.EndToEnd.Operations;
using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Sizing;

/// <summary><c>firezone bench</c> against a portal whose limits are those of production.</summary>
public sealed class BenchTests(BenchTests.Fixture fixture) : IClassFixture<BenchTests.Fixture>, IDisposable
{
    private readonly string _credentials = Directory.CreateTempSubdirectory("firezone-bench-").FullName;
    private readonly OperatedPortal _operated = fixture.Operated;

    public sealed class Fixture()
        : OperatedPortalFixture(settings => Portal.CoHostedAsync([.. settings, ("FrontEnd__ConnectRate__Enabled", "true")]));

    public void Dispose() => Directory.Delete(_credentials, recursive: true);

    [Fact]
    public async Task An_operator_loads_an_account_that_is_gone_afterwards()
    {
        var person = _operated.Operator();
        var before = (Accounts: await CountAsync("select count(*) from accounts"), Relays: await CountAsync("select count(*) from relay_tokens"));

        var code = await person.RunAsync(
            $"bench --portal {_operated.Portal.Url} --clients 30 --connect-rate 100 --flow-rate 20 --duration 2 --heartbeat-interval 1 --json");

        Assert.True(code == 0, $"{person.Error}\n{person.Out}");
        var report = JsonNode.Parse(person.Out.ToString())!;
        var phases = report["phases"]!.AsArray().ToDictionary(phase => (string)phase!["name"]!, phase => phase!);
        Assert.True((bool)report["complete"]!);
        Assert.Equal(30, (int)phases["clients connect"]["operations"]!);
        Assert.Equal(40, (int)phases["flows"]["operations"]! + (int)phases["flows"]["skipped"]!);
        Assert.True((double)phases["flows"]["p99_ms"]! >= (double)phases["flows"]["p50_ms"]!);
        Assert.True((int)phases["heartbeats"]["operations"]! > 30, person.Out.ToString());
        Assert.Equal(30, (int)phases["clients leave"]["operations"]!);
        Assert.Equal(
            before, (await CountAsync("select count(*) from accounts"), await CountAsync("select count(*) from relay_tokens")));
    }

    [Fact]
    public async Task An_interrupt_closes_the_sockets_and_removes_what_was_made()
    {
        var account = await _operated.AccountAsync();
        var accounts = await CountAsync("select count(*) from accounts");
        var administrator = await account.Provisioner.CreateActorAsync(account.Id, "api_client", "administrator");
        var token = await account.Provisioner.IssueAdminTokenAsync(administrator, "admin", "ops");
        var error = new InterruptingWriter("flows ...");
        var person = new Operator(_operated.ApiUrl, token.Text) { Error = error };

        var code = await person.RunAsync(
            $"bench --portal {_operated.Portal.Url} --clients 10 --connect-rate 100 --flow-rate 20 --duration 3600", error.Interrupted);

        Assert.True(code == 130, $"{person.Error}\n{person.Out}");
        Assert.Contains("clients connect", person.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("flows, interrupted", person.Out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("clients leave", person.Out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("could not be removed", person.Error.ToString(), StringComparison.Ordinal);
        foreach (var table in (string[])["sites", "groups", "actors", "resources"])
            Assert.Equal(0, await CountAsync($"select count(*) from {table} where name like 'load-%'"));
        Assert.Equal(accounts, await CountAsync("select count(*) from accounts"));
    }

    [Fact]
    public async Task Refusals_are_counted_by_their_code()
    {
        var account = await _operated.AccountAsync();
        await File.WriteAllTextAsync(Path.Combine(_credentials, "clients"), "nobody's\n");
        await File.WriteAllTextAsync(Path.Combine(_credentials, "gateway"), account.Gateway.Text);
        await File.WriteAllTextAsync(Path.Combine(_credentials, "resources"), account.Resource.ToString());
        var person = new Operator(_operated.ApiUrl, "unused");

        var code = await person.RunAsync(
            $"bench --portal {_operated.Portal.Url} --credentials {_credentials} --clients 3 --gateways 1 --connect-rate 50 --flow-rate 0 --duration 1");

        Assert.True(code == 1, $"{code}\n{person.Error}\n{person.Out}");
        Assert.True(
            person.Out.ToString().Contains("clients connect: refused: 3 x 401 ", StringComparison.Ordinal), $"{person.Error}\n{person.Out}");
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = _operated.Database.Write.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
