using System.Net;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared.Peers;
using Firezone.Storage.Postgres;

namespace Firezone.EndToEnd.Refusals;

/// <summary>Refusals that depend on how the portal is set up.</summary>
public sealed class BusyTests
{
    [Fact]
    public async Task A_second_connect_within_a_second_is_answered_503_with_Retry_After_1()
    {
        await using var portal = await Portal.CoHostedAsync(("FrontEnd__ConnectRate__Enabled", "true"), ("FrontEnd__ProxyId", "proxy-1"));
        await using var database = new Database(portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        var connect = Connect.Client().WithToken(account.Client.Text);

        // At most one attempt passes in each clock second, so of three in a row one is refused at the latest.
        HttpReply reply;
        do
        {
            using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, portal.FrontEndPort));
            reply = await peer.RequestAsync(connect.PathAndQuery, connect.Headers);
        }
        while (reply.Status == 101);

        Assert.Equal((503, "rate_limit", "1"), (reply.Status, reply.Code, reply.Header("Retry-After")));
        Assert.StartsWith("application/problem+json", reply.Header("Content-Type"), StringComparison.Ordinal);

        // The limit comes before the token: a bad one of the same value pair learns nothing else.
        var strangers = connect.WithToken("nonsense");
        var statuses = new List<int>();
        while (!statuses.Contains(503))
        {
            using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, portal.FrontEndPort));
            statuses.Add((await peer.RequestAsync(strangers.PathAndQuery, strangers.Headers)).Status);
        }

        Assert.All(statuses[..^1], status => Assert.Equal(401, status));
        await PlainHttpWithoutTheProxysIdIsRefusedAsync(portal);
    }

    private static async Task PlainHttpWithoutTheProxysIdIsRefusedAsync(Portal portal)
    {
        using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, portal.FrontEndPort));
        var reply = await peer.RequestAsync("/anything", ["Host: api.example.com"]);
        Assert.Equal(502, reply.Status);
    }
}
