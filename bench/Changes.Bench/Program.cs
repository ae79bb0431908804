using System.CommandLine;
using System.Runtime.Versioning;
using Firezone.Changes.Bench;

// /proc and the CPU clocks of other processes.
[assembly: SupportedOSPlatform("linux")]

var isShort = new Option<bool>("--short") { Description = "Less of everything, in about a minute" };
var output = new Option<FileInfo?>("--out") { Description = "Receives the table as well" };
var only = new Option<string[]>("--only")
{
    Description = "The things to measure: " + string.Join(", ", Benchmark.Things),
    DefaultValueFactory = _ => [.. Benchmark.Things],
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong([.. Benchmark.Things]);

var silo = new Command("silo", "A silo that the benchmark starts and talks to on its standard input.") { Hidden = true };
silo.SetAction((_, _) => SiloHost.RunAsync());

var root = new RootCommand("Measures what a change of the configuration costs, and what a connected client weighs.") { isShort, output, only, silo };
root.SetAction(async (parsed, ct) =>
{
    var plan = parsed.GetValue(isShort) ? Plan.Short : Plan.Full;
    var table = new ResultTable(plan, await Benchmark.RunAsync(plan, parsed.GetValue(only)!, ct));
    Console.Out.Write(table);
    if (parsed.GetValue(output) is { } file)
        await File.WriteAllTextAsync(file.FullName, table.ToString(), ct);
    return 0;
});
return await root.Parse(args).InvokeAsync();
