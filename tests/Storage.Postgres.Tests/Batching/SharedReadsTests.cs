using System.Threading.Channels;
using Firezone.Storage.Postgres.Batching;

namespace Firezone.Storage.Postgres.Tests.Batching;

public sealed class SharedReadsTests
{
    private readonly Channel<Statement> _statements = Channel.CreateUnbounded<Statement>();
    private readonly SharedReads<int, string> _reads;

    public SharedReadsTests() => _reads = new("tests", TimeSpan.FromSeconds(30), ReadAsync);

    [Fact]
    public async Task Who_comes_while_statements_are_under_way_shares_the_next_and_is_answered_by_place()
    {
        var first = AskAsync(1);
        var second = AskAsync(2);
        var (one, two) = (await NextAsync(), await NextAsync());
        Assert.Equal([1], one.Questions);
        Assert.Equal([2], two.Questions);
        var others = Enumerable.Range(3, 50).Select(AskAsync).ToArray();

        one.Answer();
        Assert.Equal("1", await first);
        var shared = await NextAsync();
        Assert.Equal(Enumerable.Range(3, 50), shared.Questions);
        shared.Answer();
        Assert.Equal(Enumerable.Range(3, 50).Select(i => $"{i}"), await Task.WhenAll(others));

        two.Answer();
        Assert.Equal("2", await second);
    }

    [Fact]
    public async Task A_statement_takes_a_bounded_number_of_questions()
    {
        var all = Enumerable.Range(0, 2 + SharedReads<int, string>.MaxBatch + 1).Select(AskAsync).ToArray();
        var (one, two) = (await NextAsync(), await NextAsync());
        one.Answer();
        var full = await NextAsync();
        Assert.Equal(SharedReads<int, string>.MaxBatch, full.Questions.Count);
        full.Answer();
        var rest = await NextAsync();
        Assert.Single(rest.Questions);
        rest.Answer();
        two.Answer();
        await Task.WhenAll(all);
    }

    [Fact]
    public async Task A_database_that_is_away_fails_those_of_the_statement_and_not_the_next()
    {
        var (first, second) = (AskAsync(1), AskAsync(2));
        var (one, two) = (await NextAsync(), await NextAsync());
        var (third, fourth) = (AskAsync(3), AskAsync(4));
        one.Answer();
        await first;
        (await NextAsync()).Fail(new TimeoutException("away"));
        await Assert.ThrowsAsync<TimeoutException>(() => third);
        await Assert.ThrowsAsync<TimeoutException>(() => fourth);

        var fifth = AskAsync(5);
        (await NextAsync()).Answer();
        Assert.Equal("5", await fifth);
        two.Answer();
        await second;
    }

    [Fact]
    public async Task A_question_that_cannot_be_answered_fails_alone()
    {
        var (first, second) = (AskAsync(1), AskAsync(2));
        var (one, two) = (await NextAsync(), await NextAsync());
        var (good, bad) = (AskAsync(3), AskAsync(4));
        one.Answer();
        (await NextAsync()).Fail(new InvalidOperationException("one of them"));
        (await NextAsync()).Answer();
        (await NextAsync()).Fail(new InvalidOperationException("this one"));
        Assert.Equal("3", await good);
        Assert.Equal("this one", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        two.Answer();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_statement_to_the_others()
    {
        var (first, second) = (AskAsync(1), AskAsync(2));
        var (one, two) = (await NextAsync(), await NextAsync());
        using var impatient = new CancellationTokenSource();
        var gone = _reads.AskAsync(3, impatient.Token);
        var stays = AskAsync(4);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        one.Answer();
        (await NextAsync()).Answer();
        Assert.Equal("4", await stays);
        two.Answer();
        await Task.WhenAll(first, second);
    }

    private Task<string> AskAsync(int question) => _reads.AskAsync(question, CancellationToken.None);

    private async Task<Statement> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _statements.Reader.ReadAsync(limit.Token);
    }

    private Task<string[]> ReadAsync(IReadOnlyList<int> questions, CancellationToken ct)
    {
        var statement = new Statement(questions);
        _statements.Writer.TryWrite(statement);
        return statement.Result;
    }

    private sealed class Statement(IReadOnlyList<int> questions)
    {
        private readonly TaskCompletionSource<string[]> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<int> Questions => questions;

        public Task<string[]> Result => _result.Task;

        public void Answer() => _result.SetResult([.. questions.Select(q => $"{q}")]);

        public void Fail(Exception e) => _result.SetException(e);
    }
}
