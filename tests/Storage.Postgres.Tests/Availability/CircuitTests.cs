using Firezone.Storage.Postgres.Availability;

namespace Firezone.Storage.Postgres.Tests.Availability;

public sealed class CircuitTests
{
    private readonly Circuit _circuit = new();

    [Fact]
    public void A_few_failures_among_successes_do_not_open_it()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.True(_circuit.TryEnter(At(i)));
            if (i % Circuit.Failures == 0)
                _circuit.Succeeded();
            else
                _circuit.Failed(At(i), 1);
        }
        Assert.Equal(CircuitState.Closed, _circuit.State);
    }

    [Fact]
    public void Once_it_is_open_one_asks_after_each_pause_and_the_pauses_grow_up_to_a_bound()
    {
        Open(At(0));
        Assert.False(_circuit.TryEnter(At(0)));
        var (now, pause) = (At(0), Circuit.FirstPause);
        for (var probe = 0; probe < 10; probe++)
        {
            Assert.False(_circuit.TryEnter(now + pause - TimeSpan.FromMilliseconds(1)));
            now += pause;
            Assert.True(_circuit.TryEnter(now));
            Assert.Equal(CircuitState.HalfOpen, _circuit.State);
            Assert.False(_circuit.TryEnter(now));
            _circuit.Failed(now, 0.5);
            Assert.Equal(CircuitState.Open, _circuit.State);
            pause = pause * 2 < Circuit.LastPause ? pause * 2 : Circuit.LastPause;
        }
    }

    [Fact]
    public void The_first_answer_closes_it_and_forgets_what_was()
    {
        Open(At(0));
        Assert.True(_circuit.TryEnter(At(1)));
        _circuit.Succeeded();
        Assert.True(_circuit.TryEnter(At(1)));
        Assert.True(_circuit.TryEnter(At(1)));
        Open(At(2));
        Assert.True(_circuit.TryEnter(At(2) + Circuit.FirstPause));
    }

    [Fact]
    public void One_that_asks_and_never_tells_is_followed_by_another()
    {
        Open(At(0));
        Assert.True(_circuit.TryEnter(At(1)));
        Assert.False(_circuit.TryEnter(At(1) + Circuit.ProbeLimit - TimeSpan.FromMilliseconds(1)));
        Assert.True(_circuit.TryEnter(At(1) + Circuit.ProbeLimit));
    }

    [Fact]
    public void Failures_of_those_that_entered_before_do_not_lengthen_the_pause()
    {
        Open(At(0));
        for (var i = 0; i < 100; i++)
            _circuit.Failed(At(0), 0.5);
        Assert.True(_circuit.TryEnter(Circuit.FirstPause));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Open(TimeSpan now)
    {
        for (var i = 0; i < Circuit.Failures; i++)
        {
            Assert.True(_circuit.TryEnter(now));
            _circuit.Failed(now, 0.5);
        }
        Assert.Equal(CircuitState.Open, _circuit.State);
    }
}
