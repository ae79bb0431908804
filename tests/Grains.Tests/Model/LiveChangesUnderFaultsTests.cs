namespace Firezone.Grains.Tests.Model;

/// <summary>Changes are made while the silos cannot hear of them; afterwards every view is right within the model's 5 s.</summary>
public sealed class LiveChangesUnderFaultsTests
{
    private const int Changes = 6;

    [Fact]
    public async Task Views_are_right_after_the_listening_connections_were_killed_again_and_again()
    {
        await using var world = await FaultyWorld.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await world.ExecuteAsync(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where application_name = 'firezone-changes' and datname = current_database()
                """);
            await world.ChangeAsync(2);
        }

        await world.SettleAsync();
    }

    [Fact]
    public async Task Views_are_right_after_the_server_stood_still_for_a_moment()
    {
        await using var world = await FaultyWorld.StartAsync();
        world.Proxy.Pause();
        await world.ChangeAsync(Changes);
        world.Proxy.Resume();
        await world.SettleAsync();
    }

    [Fact]
    public async Task Views_are_right_after_the_server_stood_still_until_the_silos_noticed()
    {
        await using var world = await FaultyWorld.StartAsync("Command Timeout=2");
        var noticed = world.FailedLooksAsync(1);
        world.Proxy.Pause();
        await world.ChangeAsync(Changes);
        await noticed;
        world.Proxy.Resume();
        await world.SettleAsync();
    }

    [Fact]
    public async Task Views_are_right_after_the_server_was_out_of_reach_for_long()
    {
        await using var world = await FaultyWorld.StartAsync();
        var noticed = world.FailedLooksAsync(10);
        world.Proxy.Refuse = true;
        world.Proxy.CutAll();
        await world.ChangeAsync(Changes);
        await noticed;
        world.Proxy.Refuse = false;
        await world.SettleAsync();
    }
}
