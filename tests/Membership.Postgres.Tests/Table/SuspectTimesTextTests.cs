using CsCheck;
using Firezone.Membership.Postgres.Table;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Tests.Table;

public sealed class SuspectTimesTextTests
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
    private static readonly ClockShift Shift = new(TimeSpan.FromSeconds(180));

    private static readonly Gen<Tuple<SiloAddress, DateTime>> Votes =
        Gen.Select(Gen.OneOf("10.0.0.1", "::1", "fd12:3456:789a:bcde:f012:3456:789a:bcde"), Gen.Int[0, 100_000_000]).Select((ip, after) =>
            Tuple.Create(SiloAddress.New(System.Net.IPAddress.Parse(ip), 1 + after % 60_000, after), Start.AddMilliseconds(after)));

    [Fact]
    public void Votes_come_back_as_they_were() =>
        Votes.List[1, 20].Sample(votes =>
            SuspectTimesText.Parse(SuspectTimesText.Format(votes, Shift), Shift)!.SequenceEqual(votes));

    [Fact]
    public void Of_too_many_votes_the_newest_are_kept_in_order() =>
        Votes.List[0, 400].Sample(votes =>
        {
            var text = SuspectTimesText.Format(votes, default);
            var kept = SuspectTimesText.Parse(text, default) ?? [];
            Assert.True((text?.Length ?? 0) <= SuspectTimesText.MaxLength);
            var dropped = votes.ToList();
            foreach (var vote in kept)
                Assert.True(dropped.Remove(vote));
            Assert.True(dropped.Count == 0 || dropped.Max(vote => vote.Item2) <= kept.Min(vote => vote.Item2));
        });

    [Fact]
    public void The_form_is_that_of_the_ado_net_provider()
    {
        var vote = Tuple.Create(SiloAddress.FromParsableString("10.0.0.1:11111@7"), Start);
        Assert.Equal("10.0.0.1:11111@7,2026-01-02 03:01:05.678 GMT", SuspectTimesText.Format([vote], Shift));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("|,|x")]
    [InlineData("10.0.0.1:11111@7,yesterday")]
    [InlineData("nowhere,2026-01-02 03:01:05.678 GMT")]
    public void What_is_no_vote_is_left_out(string? text) => Assert.Null(SuspectTimesText.Parse(text, default));

    [Fact]
    public void No_votes_are_no_text()
    {
        Assert.Null(SuspectTimesText.Format(null, default));
        Assert.Null(SuspectTimesText.Format([], default));
    }
}
