using System.Collections.Concurrent;
using Firezone.EndToEnd.Flows;
using Firezone.EndToEnd.Peers;
using Firezone.Storage.Postgres;
using Npgsql;

namespace Firezone.EndToEnd.Processes;

/// <summary>SIGTERM of a process that is silo and front-end, as a device and the rest of the cluster see it.</summary>
public sealed class ShutdownTests
{
    private const int Dead = 6;

    [Fact]
    public async Task A_co_hosted_process_says_goodbye_first_then_drains_its_sockets_then_leaves_the_cluster_however_often_it_is_told()
    {
        await using var portal = await Portal.CoHostedAsync();
        await using var database = new Database(portal.ConnectionString);
        var account = await TestAccount.CreateAsync(database);
        using var gateway = await FlowScript.GatewayAsync(portal.FrontEndPort, account);
        await gateway.JoinAsync();

        await using var listener = new NpgsqlConnection(portal.ConnectionString);
        await listener.OpenAsync();
        var said = new ConcurrentQueue<string>();
        var goodbye = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        listener.Notification += (_, notification) =>
        {
            said.Enqueue(notification.Payload);
            if (notification.Payload.StartsWith("1|b|", StringComparison.Ordinal))
                goodbye.TrySetResult();
        };
        await using (var listen = new NpgsqlCommand($"listen {Firezone.Membership.Postgres.Signals.ChannelName.For("firezone")}", listener))
            await listen.ExecuteNonQueryAsync();

        portal.Silo!.Signal("TERM");
        portal.Silo.Signal("TERM");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!goodbye.Task.IsCompleted)
            await listener.WaitAsync(limit.Token);
        Assert.DoesNotContain(said, payload => payload.StartsWith("1|v|", StringComparison.Ordinal));

        Assert.Equal(1012, await gateway.Socket.ReceiveCloseAsync());
        Assert.Equal(0, await portal.Silo.ExitAsync(TimeSpan.FromSeconds(60)));
        await using var status = new NpgsqlCommand("select Status from OrleansMembershipTable", listener);
        Assert.Equal(Dead, await status.ExecuteScalarAsync());
        Assert.Single(said, payload => payload.StartsWith("1|b|", StringComparison.Ordinal));
        Assert.DoesNotContain("fail:", portal.Silo.Output, StringComparison.Ordinal);
    }
}
