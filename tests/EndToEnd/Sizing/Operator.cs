using Firezone.Cli;

namespace Firezone.EndToEnd.Sizing;

/// <summary>Somebody with a token of the admin API, at the command line.</summary>
internal sealed class Operator(string apiUrl, string token)
{
    public StringWriter Out { get; } = new();

    public TextWriter Error { get; init; } = new StringWriter();

    public Task<int> RunAsync(string line, CancellationToken ct = default)
    {
        var surroundings = new Surroundings
        {
            Variable = name => name switch
            {
                "FIREZONE_API_URL" => apiUrl,
                "FIREZONE_API_TOKEN" => token,
                _ => null,
            },
            In = TextReader.Null,
            Out = Out,
            Error = Error,
            Time = TimeProvider.System,
            ReadSecret = () => "",
        };
        return Application.RunAsync(line.Split(' '), surroundings, ct);
    }
}
