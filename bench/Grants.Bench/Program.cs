using System.CommandLine;
using System.Runtime.Versioning;
using Firezone.Grants.Bench;

// The load average.
[assembly: SupportedOSPlatform("linux")]

var isShort = new Option<bool>("--short") { Description = "Less of everything, in under a minute" };
var output = new Option<FileInfo?>("--out") { Description = "Receives the table as well" };
var root = new RootCommand("Measures how many grants are stored per second, one by one and together.") { isShort, output };
root.SetAction(async (parsed, ct) =>
{
    await using var server = await Server.StartAsync(ct);
    var table = await new Benchmark(server, parsed.GetValue(isShort) ? Plan.Short : Plan.Full).RunAsync(ct);
    Console.Out.Write(table);
    if (parsed.GetValue(output) is { } file)
        await File.WriteAllTextAsync(file.FullName, table, ct);
    return 0;
});
return await root.Parse(args).InvokeAsync();
