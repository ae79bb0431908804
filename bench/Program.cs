using System.CommandLine;
using System.Runtime.Versioning;
using Firezone.Bench.Benchmarking;
using Firezone.Bench.Provision;
using Firezone.Bench.Simulate;

// /proc, epoll and file modes.
[assembly: SupportedOSPlatform("linux")]

var root = new RootCommand("Plays devices against a portal: one flow to look at, or thousands to measure.")
{
    SimulateCommand.Create(),
    RunCommand.CreateLearn(),
    RunCommand.CreateRun(),
    ReportCommand.Create(),
    ProvisionCommand.Create(),
    ForgetCommand.Create(),
    DatabaseCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
