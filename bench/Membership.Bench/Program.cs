using System.CommandLine;
using Firezone.Membership.Bench;

var isShort = new Option<bool>("--short") { Description = "Two runs of everything" };
var runs = new Option<int?>("--runs") { Description = "How often each thing is measured (5; with --short 2)" };
var output = new Option<FileInfo?>("--out") { Description = "Receives the table as well" };
var providers = new Option<string[]>("--provider")
{
    Description = "The columns: postgres, adonet",
    DefaultValueFactory = _ => ["postgres", "adonet"],
    AllowMultipleArgumentsPerToken = true,
};
var only = new Option<string[]>("--only")
{
    Description = "The things to measure: " + string.Join(", ", Benchmark.Things),
    DefaultValueFactory = _ => [.. Benchmark.Things],
    AllowMultipleArgumentsPerToken = true,
};
var root = new RootCommand("Measures how fast silos and clients learn of each other.") { isShort, runs, output, providers, only };
root.SetAction(async (parsed, ct) =>
{
    var plan = Plan.Create(parsed.GetValue(isShort), parsed.GetValue(runs));
    var table = new ResultTable(plan, await Benchmark.RunAsync(plan, parsed.GetValue(providers)!, parsed.GetValue(only)!, ct));
    Console.Out.Write(table);
    if (parsed.GetValue(output) is { } file)
        await File.WriteAllTextAsync(file.FullName, table.ToString(), ct);
    return 0;
});
return await root.Parse(args).InvokeAsync();
