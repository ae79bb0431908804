using Firezone.EndToEnd.Flows;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Storms;
using Npgsql;

namespace Firezone.EndToEnd.Operations;

/// <summary>
/// Two silos and a front-end, of which one silo is taken out of service. A flow has five seconds, the move of its sessions included: alone, so
/// that the machine has them too.
/// </summary>
[Collection(StormsCollection.Name)]
public sealed class SiloDrainTests(SiloDrainTests.Fixture fixture) : IClassFixture<SiloDrainTests.Fixture>
{
    private const int Devices = 24;

    private readonly OperatedPortal _portal = fixture.Operated;

    public sealed class Fixture() : OperatedPortalFixture(Portal.TwoSilosOfWhichOneAsync);

    [Fact]
    public async Task A_silo_that_is_drained_under_load_gives_its_sessions_away_and_no_socket_and_no_flow_notices_until_it_is_resumed()
    {
        var account = await _portal.AccountAsync();
        using var gateway = await FlowScript.GatewayAsync(_portal.Portal.FrontEndPort, account);
        await gateway.JoinAsync();
        var clients = new List<V1Peer>();
        try
        {
            for (var i = 0; i < Devices; i++)
            {
                clients.Add(await FlowScript.ClientAsync(_portal.Portal.FrontEndPort, account, $"device-{i}"));
                await clients[i].JoinAsync();
            }

            await Sessions.WaitUntilOpenAsync(_portal.Database, account, "client", Devices);
            await Sessions.WaitUntilOpenAsync(_portal.Database, account, "gateway", 1);
            var places = await PlacesAsync(account);
            Assert.Equal(2, places.Distinct().Count());
            var drained = await FirstSiloAsync();
            var before = await LoggedAsync();

            var person = _portal.Operator();
            var draining = person.RunAsync($"drain silo {drained} --rate 10 --wait");
            while (!draining.IsCompleted)
            {
                foreach (var client in clients)
                    await FlowScript.RunAsync(client, gateway, account);
            }

            Assert.True(await draining == 0, person.Error.ToString());
            Assert.Contains(": drained", person.Out.ToString(), StringComparison.Ordinal);
            var left = Assert.Single((await PlacesAsync(account)).Distinct());
            foreach (var client in clients)
                await FlowScript.RunAsync(client, gateway, account);

            for (var i = 0; i < 8; i++)
            {
                using var late = await FlowScript.ClientAsync(_portal.Portal.FrontEndPort, account, $"late-{i}");
                await late.JoinAsync();
                await FlowScript.RunAsync(late, gateway, account);
            }

            Assert.Equal(left, Assert.Single((await PlacesAsync(account)).Distinct()));
            Assert.Equal(0, (int)(await _portal.GetAsync($"/v1/operations/silos/{drained}"))["sessions"]!);
            Assert.False(_portal.Portal.Silo!.HasExited);

            Assert.Equal(0, await person.RunAsync($"resume silo {drained}"));
            Assert.Equal("serving", (string)(await _portal.GetAsync($"/v1/operations/silos/{drained}"))["state"]!);
            Assert.Equal(before + 2, await LoggedAsync());
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_silo_without_sessions_is_drained_at_once_whatever_time_it_is_given()
    {
        var path = $"/v1/operations/silos/{await FirstSiloAsync()}";
        // Those of another test may still be leaving.
        await _portal.UntilAsync(path, silo => (int)silo["sessions"]! == 0);

        var (status, body) = await _portal.SendAsync(HttpMethod.Post, path + "/drain", """{"duration":2}""");

        Assert.True(status == 200, $"{status} {body}");
        Assert.Equal("drained", (string)body!["state"]!);
        Assert.Equal("drained", (string)(await _portal.GetAsync(path))["state"]!);
        (status, body) = await _portal.SendAsync(HttpMethod.Post, path + "/resume");
        Assert.True(status == 200, $"{status} {body}");
        Assert.Equal("serving", (string)(await _portal.GetAsync(path))["state"]!);
    }

    [Fact]
    public async Task A_silo_that_nobody_knows_is_said_so_with_those_that_are_known()
    {
        var (status, body) = await _portal.SendAsync(HttpMethod.Post, "/v1/operations/silos/nobody/drain");

        Assert.Equal(404, status);
        Assert.Contains(await FirstSiloAsync(), (string)body!["detail"]!, StringComparison.Ordinal);
    }

    private async Task<long> LoggedAsync()
    {
        await using var logged = _portal.Database.Write.CreateCommand(
            "select count(*) from audit_log where action like 'silo.%' and token_name = 'ops'");
        return (long)(await logged.ExecuteScalarAsync())!;
    }

    private async Task<string> FirstSiloAsync() =>
        (string)(await _portal.GetAsync("/v1/status"))["silos"]!.AsArray()[0]!["name"]!;

    /// <summary>The silos of the grains of all open sessions.</summary>
    private async Task<List<string>> PlacesAsync(TestAccount account)
    {
        var ids = new List<Guid>();
        await using (var command = _portal.Database.Write.CreateCommand("select id from sessions where account_id = $1 and ended_at is null"))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Id });
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                ids.Add(reader.GetGuid(0));
        }

        var places = new List<string>();
        foreach (var id in ids)
        {
            // One that has just left is still a row, and no grain has it.
            if ((string?)(await _portal.GetAsync($"/v1/sessions/{id}/state"))["grain"]?["silo"] is { } silo)
                places.Add(silo);
        }

        return places;
    }
}
