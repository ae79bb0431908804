using Firezone.Bench.Load;
using Spectre.Console;

namespace Firezone.Cli.Sizing;

/// <summary>Shows how far the load is: bars on a screen, a line per phase elsewhere. It goes beside the result, so that no pipe gets it.</summary>
internal sealed class SizingProgress(Surroundings surroundings)
{
    private ProgressContext? _bars;
    private ProgressTask? _bar;
    private string _name = "";
    private TimeSpan _duration;

    /// <summary>Shows progress for as long as the work takes.</summary>
    public async Task WhileAsync(Func<Task> work)
    {
        if (!surroundings.ErrorScreen)
        {
            await work();
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(surroundings.Error) });
        await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async bars =>
            {
                _bars = bars;
                await work();
            });
    }

    /// <summary>A phase of so many operations begins, or of a length of time if it has none.</summary>
    public void Begin(string name, double operations, TimeSpan duration)
    {
        _name = name;
        _duration = operations > 0 ? TimeSpan.Zero : duration;
        _bar?.StopTask();
        _bar = _bars?.AddTask(name, maxValue: operations > 0 ? operations : duration.TotalSeconds);
        if (_bars is null)
            surroundings.Error.WriteLine($"firezone: {name} ...");
    }

    /// <summary>The load tells, several times per second.</summary>
    public void Tell(LoadProgress now)
    {
        if (_bar is null)
            return;
        _bar.Value = _duration > TimeSpan.Zero ? now.Elapsed.TotalSeconds : now.Succeeded + now.Failed;
        _bar.Description = now.Failed == 0
            ? $"{_name}: {now.Succeeded:N0}"
            : $"{_name}: {now.Succeeded:N0}, [red]{now.Failed:N0} failed[/]";
    }
}
