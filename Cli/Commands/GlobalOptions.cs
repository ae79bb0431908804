using System.CommandLine;
using Firezone.Cli.Api;
using Firezone.Cli.Settings;

namespace Firezone.Cli.Commands;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<bool> _json = new("--json") { Description = "JSON instead of tables", Recursive = true };

    private readonly Option<string?> _profile =
        Text("--profile", "NAME", $"Stored address and token; default: {Connection.ProfileVariable}, or 'firezone profile use'");

    private readonly Option<string?> _apiUrl =
        Text("--api-url", "URL", $"Address of the admin API; default: {Connection.UrlVariable}, or the profile's");

    private readonly Option<string?> _tokenFile =
        Text("--token-file", "FILE", $"File with the API token, - for the standard input; default: {Connection.TokenVariable}");

    public void AddTo(RootCommand root)
    {
        root.Options.Add(_json);
        root.Options.Add(_profile);
        root.Options.Add(_apiUrl);
        root.Options.Add(_tokenFile);
    }

    public ConnectionFlags Flags(ParseResult parsed) => new(parsed.GetValue(_apiUrl), parsed.GetValue(_tokenFile), parsed.GetValue(_profile));

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public Session Open(ParseResult parsed, Surroundings surroundings) =>
        Open(Connection.Find(Flags(parsed), surroundings), surroundings, parsed.GetValue(_json));

    public static Session Open(Connection connection, Surroundings surroundings, bool json)
    {
        if (connection.Url is { Scheme: "http", IsLoopback: false })
            surroundings.Error.WriteLine($"firezone: {connection.Url} is not encrypted; others on the way can read the API token.");
        return new Session(surroundings, new ApiClient(connection.Url, connection.Token, new Patience(surroundings.Time, surroundings.Error)), json);
    }

    private static Option<string?> Text(string name, string placeholder, string help) =>
        new(name) { Description = help, HelpName = placeholder, Recursive = true };
}
