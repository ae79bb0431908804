using Firezone.Gateway.WebSockets.Cluster;
using Firezone.Gateway.WebSockets.Options;

namespace Firezone.Gateway.WebSockets.Tests.Cluster;

public sealed class ReattachTurnsTests
{
    private readonly ReattachTurns _turns = new(
        Microsoft.Extensions.Options.Options.Create(new FrontEndOptions { MaxConcurrentReattaches = 2 }));

    [Fact]
    public void A_bounded_number_has_its_turn_and_the_first_that_waits_is_next()
    {
        ReattachTurn[] turns = [_turns.Enter(), _turns.Enter(), _turns.Enter(), _turns.Enter()];
        Assert.Equal([true, true, false, false], turns.Select(turn => turn.Task.IsCompleted));

        _turns.Leave(turns[1]);
        Assert.Equal([true, true, true, false], turns.Select(turn => turn.Task.IsCompleted));

        _turns.Leave(turns[0]);
        _turns.Leave(turns[2]);
        _turns.Leave(turns[3]);
        Assert.Equal([true, true, false], new[] { _turns.Enter(), _turns.Enter(), _turns.Enter() }.Select(turn => turn.Task.IsCompleted));
    }

    [Fact]
    public void Who_is_waited_for_goes_besides_and_takes_nobodys_place()
    {
        ReattachTurn[] turns = [_turns.Enter(), _turns.Enter(), _turns.Enter(), _turns.Enter()];
        _turns.Hurry(turns[2]);
        Assert.Equal([true, true, true, false], turns.Select(turn => turn.Task.IsCompleted));

        _turns.Leave(turns[2]);
        Assert.False(turns[3].Task.IsCompleted);

        _turns.Leave(turns[0]);
        Assert.True(turns[3].Task.IsCompleted);
    }
}
