using System.Net;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared.Peers;
using Firezone.Storage.Postgres;
using Xunit.Abstractions;

namespace Firezone.EndToEnd.Refusals;

/// <summary>Limits that two front-end processes keep together.</summary>
public sealed class TwoFrontEndsTests(ITestOutputHelper output)
{
    private const int AtOnce = 20;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Of_all_connects_with_one_token_one_per_second_passes_at_both_together()
    {
        // Processes that wait for a processor are no reason to decide without each other.
        await using var portal = await Portal.TwoFrontEndsAsync(
            ("FrontEnd__ConnectRate__Enabled", "true"), ("FrontEnd__ConnectRate__AnswerTimeout", "00:00:15"));
        await using var database = new Database(portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        var connect = Connect.Client().WithToken(account.Client.Text);

        var began = TimeProvider.System.GetUtcNow();
        var (rounds, passed) = (0, new int[2]);
        while (TimeProvider.System.GetUtcNow() - began < Time)
        {
            rounds++;
            var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => RequestAsync(
                i % 2 == 0 ? portal.FrontEndPort : portal.SecondFrontEndPort, connect)));
            for (var i = 0; i < AtOnce; i++)
            {
                if (replies[i].Status == 101)
                    passed[i % 2]++;
                else
                    Assert.Equal((503, "rate_limit", "1"), (replies[i].Status, replies[i].Code, replies[i].Header("Retry-After")));
            }
        }

        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - began.ToUnixTimeSeconds() + 1;
        output.WriteLine($"{passed[0]} + {passed[1]} of {rounds * AtOnce} connects passed in {seconds} clock seconds");
        Assert.InRange(passed.Sum(), 2, seconds);
    }

    private static async Task<HttpReply> RequestAsync(int port, Connect connect)
    {
        using var peer = await RawPeer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return await peer.RequestAsync(connect.PathAndQuery, connect.Headers);
    }
}
