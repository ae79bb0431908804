using System.CommandLine;
using Firezone.Bench.Simulate;

var root = new RootCommand("Plays devices against a portal: one flow to look at, or thousands to measure.")
{
    SimulateCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
