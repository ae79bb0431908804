using System.CommandLine;
using Firezone.Bench.Load;
using Firezone.Cli.Api;
using Firezone.Cli.Commands;
using Firezone.Cli.Output;

namespace Firezone.Cli.Sizing;

/// <summary>The command <c>bench</c>: load for a cluster, so that operators see what theirs bears.</summary>
internal sealed class BenchCommand(GlobalOptions options, Surroundings surroundings)
{
    private readonly Option<string> _portal = new("--portal")
    {
        Description = "Where devices connect, such as ws://127.0.0.1:8081",
        HelpName = "URL",
        Required = true,
    };

    private readonly Option<string?> _credentials = new("--credentials")
    {
        Description = "Directory with tokens, one a line, in the files clients, gateway, resources (ids) and perhaps relay; "
            + "default: all of it is made by the admin API and removed in the end",
        HelpName = "DIR",
    };

    private readonly Option<int> _clients = Whole("--clients", "How many clients connect", 100, 1, 100_000);
    private readonly Option<int> _gateways = Whole("--gateways", "How many gateways share their flows", 2, 1, 100);
    private readonly Option<double> _connectRate = Number("--connect-rate", "Clients that connect per second", 50, 0.1, 20_000);
    private readonly Option<double> _flowRate = Number("--flow-rate", "Flows per second once all are connected, 0 for none", 20, 0, 50_000);
    private readonly Option<double> _heartbeats = Number("--heartbeat-interval", "Seconds between two heartbeats of a client", 30, 1, 200);
    private readonly Option<double> _duration = Number("--duration", "Seconds that the flows last", 30, 1, 86_400);

    private readonly Option<bool> _yes = new("--yes-load-this-host")
    {
        Description = "Needed for a portal on another machine: load takes its capacity from those who use it",
    };

    public Command Create()
    {
        var command = new Command("bench", "Makes load: clients connect, ask for flows and leave; tells rates, latencies, refusals and failures")
        {
            _portal, _credentials, _clients, _gateways, _connectRate, _flowRate, _heartbeats, _duration, _yes,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
            throw CliException.Usage("The load generator needs Linux.");
        var plan = new SizingPlan(
            parsed.GetValue(_clients),
            parsed.GetValue(_gateways),
            parsed.GetValue(_connectRate),
            parsed.GetValue(_flowRate),
            TimeSpan.FromSeconds(parsed.GetValue(_heartbeats)),
            TimeSpan.FromSeconds(parsed.GetValue(_duration)));
        try
        {
            var target = await Target.FindAsync(parsed.GetRequiredValue(_portal), ct);
            if (!target.IsLoopback && !parsed.GetValue(_yes))
                throw CliException.Usage($"{target.EndPoint.Address} is another machine. Add --yes-load-this-host if you may load it.");
            return parsed.GetValue(_credentials) is { } directory
                ? await PlayAsync(parsed, target, plan, Credentials.Read(directory), ct)
                : await PlayOnOwnAccountAsync(parsed, target, plan, ct);
        }
        catch (LoadException e)
        {
            throw CliException.Usage(e.Message);
        }
    }

    private async Task<int> PlayOnOwnAccountAsync(ParseResult parsed, Target target, SizingPlan plan, CancellationToken ct)
    {
        using var session = options.Open(parsed, surroundings);
        using var account = new LoadAccount(
            session.Api, surroundings.Time, token => new ApiClient(session.Api.Url, token, new Patience(surroundings.Time, surroundings.Error)));
        try
        {
            await surroundings.Error.WriteLineAsync("firezone: making what load needs ...".AsMemory(), ct);
            var credentials = await account.MakeAsync(plan.Tokens(target.IsLoopback), ct);
            return await PlayAsync(parsed, target, plan, credentials, ct);
        }
        finally
        {
            // Not the caller's token: an interrupt is one of the reasons to be here.
            await surroundings.Error.WriteLineAsync("firezone: removing what was made ...");
            if (!await account.RemoveAsync())
                await surroundings.Error.WriteLineAsync($"firezone: could not be removed: {string.Join(", ", account.Left)}");
        }
    }

    private async Task<int> PlayAsync(ParseResult parsed, Target target, SizingPlan plan, Credentials credentials, CancellationToken ct)
    {
        var progress = new SizingProgress(surroundings);
        var run = new SizingRun(target, plan, credentials, progress);
        var complete = false;
        try
        {
            await progress.WhileAsync(() => run.PlayAsync(ct));
            complete = true;
        }
        catch (OperationCanceledException)
        {
            await surroundings.Error.WriteLineAsync("firezone: interrupted; what came of it by then:");
        }

        if (options.IsJson(parsed))
            await surroundings.Out.WriteLineAsync(SizingReport.ToJson(target, plan, run.Phases, complete).ToJsonString(Json.Indented));
        else
            SizingReport.Write(surroundings, run.Phases);
        return !complete ? ExitCode.Interrupted
            : run.Phases.Any(phase => phase.Outcome.Failures.Total > 0) ? ExitCode.Refused
            : ExitCode.Success;
    }

    private static Option<int> Whole(string name, string help, int usual, int least, int most) => Bounded(name, help, usual, least, most);

    private static Option<double> Number(string name, string help, double usual, double least, double most) =>
        Bounded(name, help, usual, least, most);

    private static Option<T> Bounded<T>(string name, string help, T usual, T least, T most)
        where T : struct, IComparable<T>
    {
        var option = new Option<T>(name) { Description = help, HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is var value && (value.CompareTo(least) < 0 || value.CompareTo(most) > 0))
                result.AddError(FormattableString.Invariant($"{name} must be from {least} to {most}."));
        });
        return option;
    }
}
