using CsCheck;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.Storage.Postgres.Tests.Tokens;

public sealed class DeviceTokenTests
{
    [Theory]
    [InlineData(TokenKind.Client, "")]
    [InlineData(TokenKind.Client, "0123456789abcdef")]
    [InlineData(TokenKind.Gateway, "")]
    [InlineData(TokenKind.Relay, "")]
    public void An_issued_token_matches_its_own_row(TokenKind kind, string nonce)
    {
        var issued = DeviceToken.Issue(kind, nonce);
        Assert.True(DeviceToken.TryParse(issued.Text, kind, out var token));
        Assert.Equal(issued.Id, token.Id);
        Assert.Equal(nonce, token.Nonce);
        Assert.True(token.Matches(issued.Salt, issued.Hash));
    }

    [Fact]
    public void The_fragment_starts_with_a_dot_so_that_an_app_can_put_its_nonce_before_it()
    {
        var issued = DeviceToken.Issue(TokenKind.Client, "abc");
        Assert.Equal("abc", issued.Text[..issued.Text.IndexOf('.', StringComparison.Ordinal)]);
        Assert.StartsWith(".c", DeviceToken.Issue(TokenKind.Client).Text, StringComparison.Ordinal);
        Assert.All(issued.Text, c => Assert.InRange(c, '!', '~'));
    }

    [Fact]
    public void Another_nonce_does_not_match()
    {
        var issued = DeviceToken.Issue(TokenKind.Client, "abc");
        Assert.True(DeviceToken.TryParse("abd" + issued.Text[3..], TokenKind.Client, out var token));
        Assert.False(token.Matches(issued.Salt, issued.Hash));
        Assert.True(DeviceToken.TryParse(issued.Text[3..], TokenKind.Client, out token));
        Assert.False(token.Matches(issued.Salt, issued.Hash));
    }

    [Fact]
    public void A_token_of_one_kind_does_not_parse_as_another()
    {
        var issued = DeviceToken.Issue(TokenKind.Gateway);
        Assert.False(DeviceToken.TryParse(issued.Text, TokenKind.Client, out _));
        Assert.False(DeviceToken.TryParse(issued.Text, TokenKind.Relay, out _));
    }

    [Fact]
    public void Any_changed_character_is_noticed() =>
        Gen.Select(Gen.Int[2, 65], Gen.Char.AlphaNumeric).Sample((place, character) =>
        {
            var issued = DeviceToken.Issue(TokenKind.Client);
            if (issued.Text[place] == character)
                return;
            var text = issued.Text[..place] + character + issued.Text[(place + 1)..];
            var same = DeviceToken.TryParse(text, TokenKind.Client, out var token)
                && token.Id == issued.Id && token.Matches(issued.Salt, issued.Hash);
            Assert.False(same);
        });

    [Fact]
    public void Whatever_is_presented_is_parsed_without_an_exception() =>
        Gen.String.Sample(text => { DeviceToken.TryParse(text, TokenKind.Client, out _); });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".c")]
    [InlineData("no dot at all")]
    [InlineData(".cAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData(".cAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA A")]
    public void Malformed_text_is_refused(string? text) => Assert.False(DeviceToken.TryParse(text, TokenKind.Client, out _));

    [Fact]
    public void A_nonce_with_a_dot_or_beyond_its_length_is_not_issued()
    {
        Assert.Throws<ArgumentException>(() => DeviceToken.Issue(TokenKind.Client, "a.b"));
        Assert.Throws<ArgumentException>(() => DeviceToken.Issue(TokenKind.Client, new string('a', 129)));
    }

    [Fact]
    public void Neither_record_shows_its_secret_when_printed()
    {
        var issued = DeviceToken.Issue(TokenKind.Client, "nonce");
        Assert.True(DeviceToken.TryParse(issued.Text, TokenKind.Client, out var token));
        Assert.DoesNotContain(issued.Text[8..], issued.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(issued.Text[8..], token.ToString(), StringComparison.Ordinal);
    }
}
