using System.Net.Http.Headers;

namespace Firezone.Cli.Api;

/// <summary>The secret that opens the API. It knows where it came from and does not print itself.</summary>
internal sealed class ApiToken
{
    private const int LongestToken = 4096;
    private readonly string _text;

    private ApiToken(string text, string source) => (_text, Source) = (text, source);

    /// <summary>Where the token was found, for messages.</summary>
    public string Source { get; }

    /// <summary>Takes a token as it was given; white space around it is dropped.</summary>
    public static ApiToken Parse(string text, string source)
    {
        text = text.Trim();
        if (text.Length is 0 or > LongestToken || text.Any(c => c is <= ' ' or > '~'))
            throw CliException.Usage($"What {source} holds is not an API token.");
        return new ApiToken(text, source);
    }

    public AuthenticationHeaderValue Header() => new("Bearer", _text);

    /// <summary>The secret itself, to be written into a file that only its owner reads.</summary>
    public string Reveal() => _text;

    public override string ToString() => $"(token of {Source})";
}
