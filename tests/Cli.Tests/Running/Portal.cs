using System.Text.Json.Nodes;
using Firezone.Cli.Completion;
using Firezone.Cli.Tests.Contract;

namespace Firezone.Cli.Tests.Running;

/// <summary>A portal that speaks the contract, and the program to administer it with: a folder, an environment, an input of its own.</summary>
internal sealed class Portal : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("firezone-cli-");

    private Portal(Uri url, ContractWorld world)
    {
        Url = url;
        World = world;
        Environment = new()
        {
            ["HOME"] = _home.FullName,
            ["FIREZONE_API_URL"] = url.AbsoluteUri,
            ["FIREZONE_API_TOKEN"] = ContractWorld.AdminToken,
        };
    }

    public Uri Url { get; }

    public ContractWorld World { get; }

    public Dictionary<string, string> Environment { get; }

    public string Home => _home.FullName;

    public TestTime Time { get; init; } = new();

    public string Input { get; set; } = "";

    public bool CanAsk { get; set; }

    public string? Secret { get; set; }

    public static Task<Portal> StartAsync() => StartAsync(new TestTime());

    public static async Task<Portal> StartAsync(TestTime time)
    {
        var world = new ContractWorld();
        return new Portal(await ContractHost.ServeAsync(world), world) { Time = time };
    }

    public string Add(string collection, string json) => World.Store.Add(collection, json);

    /// <summary>Runs a command line as a shell splits it.</summary>
    public Task<Outcome> RunAsync(string line) => RunAsync([.. ShellWords.Split(line)]);

    public Task<Outcome> RunAsync(params string[] args) => RunAsync(args, new StringWriter(), CancellationToken.None);

    public async Task<Outcome> RunAsync(string[] args, TextWriter output, CancellationToken ct)
    {
        var error = new StringWriter();
        var surroundings = new Surroundings
        {
            Variable = name => Environment.GetValueOrDefault(name),
            In = new StringReader(Input),
            Out = output,
            Error = error,
            Time = Time,
            CanAsk = CanAsk,
            ReadSecret = () => Secret ?? throw new InvalidOperationException("Nobody types a secret here."),
        };
        var exitCode = await Application.RunAsync(args, surroundings, ct);
        return new Outcome(exitCode, output.ToString()!, error.ToString());
    }

    /// <summary>The JSON that a command prints.</summary>
    public async Task<JsonNode> JsonAsync(string line) => JsonNode.Parse((await RunAsync($"{line} --json")).Good().Out)!;

    public void Dispose() => _home.Delete(recursive: true);
}
