using System.Net;
using System.Net.Http.Headers;
using Firezone.EndToEnd.Flows;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Npgsql;

namespace Firezone.EndToEnd.Operations;

/// <summary>One silo and two front-ends, of which one is taken out of service.</summary>
public sealed class FrontEndDrainTests : IAsyncLifetime
{
    private const int Devices = 30;

    private OperatedPortal _portal = null!;

    public async Task InitializeAsync() => _portal = await OperatedPortal.StartAsync(Portal.TwoFrontEndsAsync);

    public async Task DisposeAsync() => await _portal.DisposeAsync();

    [Fact]
    public async Task A_front_end_that_is_drained_under_load_leaves_nothing_behind_and_the_other_takes_over_until_it_is_resumed()
    {
        var account = await _portal.AccountAsync();
        using var gateway = await FlowScript.GatewayAsync(Second, account);
        await gateway.JoinAsync();
        var clients = new List<V1Peer>();
        try
        {
            for (var i = 0; i < Devices; i++)
            {
                clients.Add(await FlowScript.ClientAsync(First, account, $"device-{i}"));
                await clients[i].JoinAsync();
                await FlowScript.RunAsync(clients[i], gateway, account);
            }

            await Sessions.WaitUntilOpenAsync(_portal.Database, account, "client", Devices);
            var drained = await FrontEndOfAsync(account, "client");
            var person = _portal.Operator();
            var draining = person.RunAsync($"drain front-end {drained} --duration 2s --wait");
            // Each answers when its turn comes, which may be long before that of those listed before it.
            await Task.WhenAll(clients.Select(async client =>
            {
                Assert.Equal(1012, await client.Socket.ReceiveCloseAsync());
                await client.Socket.SendCloseAsync(1012);
            }));
            for (var i = 0; i < Devices; i++)
            {
                clients[i].Dispose();
                clients[i] = await FlowScript.ClientAsync(Second, account, $"device-{i}");
                await clients[i].JoinAsync();
                await FlowScript.RunAsync(clients[i], gateway, account);
            }

            Assert.True(await draining == 0, person.Error.ToString());
            Assert.Contains(": drained", person.Out.ToString(), StringComparison.Ordinal);
            await Sessions.WaitUntilOpenAsync(_portal.Database, account, "client", Devices);
            await WaitUntilNoneAsync("select count(*) from sessions where ended_at is null and front_end_id = $1", drained);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await UpgradeAsync(First));
            Assert.False(_portal.Portal.FrontEnd!.HasExited);

            Assert.Equal(0, await person.RunAsync($"resume front-end {drained}"));
            using var client = await FlowScript.ClientAsync(First, account, "device-0");
            await client.JoinAsync();
            await FlowScript.RunAsync(client, gateway, account);
            const string Logged = "select count(*) from audit_log where target_id = $1 and action like 'front_end.%' and token_name = 'ops'";
            Assert.Equal(2, await CountAsync(Logged, drained));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_front_end_that_stands_still_is_said_to_be_silent_and_one_that_is_gone_to_be_unknown()
    {
        var account = await _portal.AccountAsync();
        using var client = await FlowScript.ClientAsync(First, account);
        await client.JoinAsync();
        await _portal.SessionAsync(account, "client");
        var id = await FrontEndOfAsync(account, "client");
        var path = $"/v1/operations/front-ends/{id}";
        Assert.Equal("serving", (string)(await _portal.GetAsync(path))["state"]!);

        _portal.Portal.FrontEnd!.Signal("STOP");
        var (status, body) = await _portal.SendAsync(HttpMethod.Post, path + "/drain");
        Assert.True(status == 504, $"{status} {body}");
        Assert.Contains(id.ToString(), (string)body!["detail"]!, StringComparison.Ordinal);

        _portal.Portal.FrontEnd.Signal("KILL");
        var unknown = await _portal.UntilAsync(path, answer => (int?)answer["status"] == 404);
        using var gateway = await FlowScript.GatewayAsync(Second, account);
        await gateway.JoinAsync();
        await _portal.SessionAsync(account, "gateway");
        Assert.Contains((await FrontEndOfAsync(account, "gateway")).ToString(), (string)unknown["detail"]!, StringComparison.Ordinal);
    }

    private int First => _portal.Portal.FrontEndPort;

    private int Second => _portal.Portal.SecondFrontEndPort;

    private static async Task<HttpStatusCode> UpgradeAsync(int port)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/client/websocket");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        using var reply = await http.SendAsync(request);
        Assert.NotNull(reply.Headers.RetryAfter);
        return reply.StatusCode;
    }

    private async Task<Guid> FrontEndOfAsync(TestAccount account, string kind)
    {
        await using var command = _portal.Database.Write.CreateCommand(
            "select front_end_id from sessions where account_id = $1 and kind = $2 and ended_at is null limit 1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind });
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    private async Task WaitUntilNoneAsync(string sql, Guid id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync(sql, id) > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private async Task<long> CountAsync(string sql, Guid id)
    {
        await using var command = _portal.Database.Write.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
