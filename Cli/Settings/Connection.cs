using Firezone.Cli.Api;

namespace Firezone.Cli.Settings;

/// <summary>Where the API is and what opens it.</summary>
internal sealed record Connection(Uri Url, ApiToken Token)
{
    public const string UrlVariable = "FIREZONE_API_URL";
    public const string TokenVariable = "FIREZONE_API_TOKEN";
    public const string ProfileVariable = "FIREZONE_PROFILE";
    public const string DefaultUrl = "http://127.0.0.1:8085";

    private const int LongestToken = 4096;

    /// <summary>
    /// Flags come first, then the environment, then the stored profile; a profile that is named by a flag comes before the environment.
    /// The token of a profile never goes to another address than the profile's.
    /// </summary>
    public static Connection Find(ConnectionFlags flags, Surroundings surroundings)
    {
        var given = flags.ApiUrl ?? FromEnvironment(UrlVariable);
        var token = flags.TokenFile is { } file ? ReadToken(file, surroundings)
            : FromEnvironment(TokenVariable) is { } text ? ApiToken.Parse(text, TokenVariable)
            : null;
        var profile = token is null || given is null ? FindProfile(flags, surroundings) : null;
        var url = ParseUrl(given ?? profile?.ApiUrl ?? DefaultUrl);
        if (token is not null)
            return new Connection(url, token);

        if (profile is null)
            throw CliException.Usage($"There is no API token. Run 'firezone login', set {TokenVariable}, or give --token-file.");
        if (url != ParseUrl(profile.ApiUrl))
        {
            throw CliException.Usage(
                $"There is no API token for {url}; the stored one is for {profile.ApiUrl}. Set {TokenVariable}, or give --token-file.");
        }

        return new Connection(url, ApiToken.Parse(profile.Token, "the stored profile"));

        string? FromEnvironment(string name) => flags.Profile is null && surroundings.Variable(name) is { Length: > 0 } text ? text : null;
    }

    /// <summary>The address for a login, where a profile may not exist yet.</summary>
    public static Uri FindUrl(ConnectionFlags flags, Surroundings surroundings) =>
        ParseUrl(flags.ApiUrl ?? (surroundings.Variable(UrlVariable) is { Length: > 0 } text ? text : DefaultUrl));

    /// <summary>A token in a file, or on the standard input for a dash.</summary>
    public static ApiToken ReadToken(string file, Surroundings surroundings)
    {
        if (file == "-")
            return ApiToken.Parse(surroundings.In.ReadLine() ?? "", "the standard input");
        try
        {
            using var reader = new StreamReader(file);
            var text = new char[LongestToken + 1];
            return ApiToken.Parse(new string(text, 0, reader.ReadBlock(text)), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{file} cannot be read: {e.Message}");
        }
    }

    private static Profile? FindProfile(ConnectionFlags flags, Surroundings surroundings)
    {
        var file = ProfileFile.Load(ProfileFile.PathFor(surroundings));
        var name = flags.Profile ?? (surroundings.Variable(ProfileVariable) is { Length: > 0 } text ? text : null);
        var profile = file.Profiles.GetValueOrDefault(name ?? file.Current);
        if (profile is null && name is not null)
            throw CliException.Usage($"There is no profile '{name}'; 'firezone login --profile {name}' makes it.");
        return profile;
    }

    private static Uri ParseUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
            throw CliException.Usage($"'{text}' is not the address of an admin API, such as {DefaultUrl}");
        // Without a user's name and password, which belong into no message.
        var shown = $"{url.Scheme}://{url.Authority}{url.AbsolutePath}";
        return url.Scheme switch
        {
            "http" or "https" when url.Query.Length == 0 && url.UserInfo.Length == 0 && url.Fragment.Length == 0 => url,
            "ws" or "wss" => throw CliException.Usage(
                $"'{shown}' is where devices connect. The admin API has an http or https address, such as {DefaultUrl}."),
            _ => throw CliException.Usage($"'{shown}' is not the address of an admin API, such as {DefaultUrl}"),
        };
    }
}
