using System.Collections.Concurrent;
using Firezone.Shared;
using Firezone.Storage.Postgres.Routing;

namespace Firezone.Storage.Postgres.Tests.Routing;

public sealed class PrimaryBarrierTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    private readonly WatchedTime _time = new();
    private readonly BlockingCollection<TaskCompletionSource<PrimaryPosition>> _questions = [];
    private readonly PrimaryBarrier _barrier;
    private int _asked;

    public PrimaryBarrierTests() => _barrier = new PrimaryBarrier(AskAsync, Pace, _time);

    [Fact]
    public async Task Ten_thousand_who_ask_while_a_question_is_under_way_share_the_next()
    {
        var first = PassAsync();
        var question = _questions.Take();
        var others = Enumerable.Range(0, 10_000).Select(_ => PassAsync()).ToArray();

        question.SetResult(Position(1));
        Assert.Equal(Position(1), await first);
        Assert.DoesNotContain(others, o => o.IsCompleted); // that question was put before they asked
        await PauseAsync();
        _questions.Take().SetResult(Position(2));

        Assert.All(await Task.WhenAll(others), p => Assert.Equal(Position(2), p));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task An_idle_one_asks_at_once_and_a_busy_one_at_its_pace()
    {
        await AnswerAsync(PassAsync());
        var started = _time.GetUtcNow();
        for (var round = 0; round < 4; round++)
        {
            var next = PassAsync();
            await PauseAsync();
            await AnswerAsync(next);
        }
        Assert.Equal(Pace * 4, _time.GetUtcNow() - started);

        _time.Advance(Pace);
        await AnswerAsync(PassAsync()); // would never end otherwise: nobody moves the clock
    }

    [Fact]
    public async Task A_failure_is_for_those_who_shared_it_and_the_next_asks_anew()
    {
        var one = PassAsync();
        _questions.Take().SetException(new TimeoutException("away"));
        await Assert.ThrowsAsync<TimeoutException>(() => one);

        var other = PassAsync();
        await PauseAsync();
        await AnswerAsync(other);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_answer_to_the_others()
    {
        var first = PassAsync();
        var question = _questions.Take();
        using var impatient = new CancellationTokenSource();
        var gone = _barrier.PassAsync(impatient.Token);
        var stays = PassAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        question.SetResult(Position(1));
        await first;
        await PauseAsync();
        await AnswerAsync(stays);
    }

    private Task<PrimaryPosition> PassAsync() => _barrier.PassAsync(CancellationToken.None);

    private Task<PrimaryPosition> AskAsync()
    {
        Interlocked.Increment(ref _asked);
        var question = new TaskCompletionSource<PrimaryPosition>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions.Add(question);
        return question.Task;
    }

    private async Task AnswerAsync(Task<PrimaryPosition> asked)
    {
        _questions.Take().SetResult(Position(7));
        Assert.Equal(Position(7), await asked);
    }

    /// <summary>Waits for the pause before the next question, and lets it pass.</summary>
    private async Task PauseAsync() => _time.Advance(await _time.WaitedAsync());

    private static PrimaryPosition Position(ulong at) => new(1, new(at), default, 0);
}
