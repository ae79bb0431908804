using System.CommandLine;
using Firezone.Cli.Api;
using Firezone.Cli.Output;
using Firezone.Cli.Settings;
using Spectre.Console;

namespace Firezone.Cli.Commands;

/// <summary>Stored addresses and tokens: <c>login</c>, <c>logout</c>, <c>profile list</c>, <c>profile use</c>.</summary>
internal sealed class ProfileCommands(GlobalOptions options, Surroundings surroundings)
{
    private string FilePath => ProfileFile.PathFor(surroundings);

    public IEnumerable<(string Words, Command Command)> Create()
    {
        var login = new Command("login", "Stores an address and a token, after trying them");
        login.SetAction(LoginAsync);
        yield return ("login", login);

        var logout = new Command("logout", "Forgets a stored address and token");
        logout.SetAction(Logout);
        yield return ("logout", logout);

        var list = new Command("list", "Lists the stored profiles");
        list.SetAction(_ => List());
        yield return ("profile list", list);

        var name = new Argument<string>("NAME") { Description = "Its name" };
        var use = new Command("use", "Makes a profile the one that is used when none is named") { name };
        use.SetAction(parsed => Use(parsed.GetRequiredValue(name)));
        yield return ("profile use", use);
    }

    private async Task<int> LoginAsync(ParseResult parsed, CancellationToken ct)
    {
        var flags = options.Flags(parsed);
        var file = ProfileFile.Load(FilePath);
        var url = Connection.FindUrl(flags, surroundings);
        var token = flags.TokenFile is not null ? Connection.ReadToken(flags.TokenFile, surroundings) : ReadToken(url);

        using (var session = GlobalOptions.Open(new Connection(url, token), surroundings, json: false))
            await session.Api.GetAsync("/v1/status", ct);

        var name = flags.Profile ?? ProfileFile.DefaultName;
        file.Profiles[name] = new Settings.Profile { ApiUrl = url.AbsoluteUri, Token = token.Reveal() };
        file.Current = name;
        file.Save(FilePath);
        await surroundings.Error.WriteLineAsync($"Stored as profile '{name}' in {FilePath}".AsMemory(), ct);
        return ExitCode.Success;
    }

    private ApiToken ReadToken(Uri url)
    {
        if (!surroundings.CanAsk)
            return Connection.ReadToken("-", surroundings);
        surroundings.Error.Write($"API token for {url}: ");
        var text = surroundings.ReadSecret();
        surroundings.Error.WriteLine();
        return ApiToken.Parse(text, "the answer");
    }

    private int Logout(ParseResult parsed)
    {
        var file = ProfileFile.Load(FilePath);
        var name = options.Flags(parsed).Profile ?? file.Current;
        if (!file.Profiles.Remove(name))
            throw NoSuch(name);
        file.Save(FilePath);
        surroundings.Error.WriteLine($"Profile '{name}' is forgotten. The token itself is still good; 'firezone admin-tokens delete' ends it.");
        return ExitCode.Success;
    }

    private int List()
    {
        var file = ProfileFile.Load(FilePath);
        var table = Report.NewTable(["NAME", "URL", "IN USE"]);
        foreach (var (name, profile) in file.Profiles)
            table.AddRow(new Text(name), new Text(profile.ApiUrl), new Text(name == file.Current ? "yes" : "no"));
        surroundings.Renderer().Write(table);
        return ExitCode.Success;
    }

    private int Use(string name)
    {
        var file = ProfileFile.Load(FilePath);
        if (!file.Profiles.ContainsKey(name))
            throw NoSuch(name);
        file.Current = name;
        file.Save(FilePath);
        return ExitCode.Success;
    }

    private static CliException NoSuch(string name) => CliException.Usage($"There is no profile '{name}'.");
}
