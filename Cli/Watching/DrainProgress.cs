using System.Text.Json.Nodes;
using Spectre.Console;

namespace Firezone.Cli.Watching;

/// <summary>Shows how far a drain is: a bar on a screen, a line now and then elsewhere. It goes beside the result.</summary>
internal sealed class DrainProgress(Surroundings surroundings)
{
    private int _told = -1;

    /// <summary>Shows progress for as long as the work takes, which tells of each state that it has seen.</summary>
    public async Task WhileAsync(JsonObject first, Func<Action<JsonObject>, Task> work)
    {
        if (!surroundings.ErrorScreen)
        {
            Line(first);
            await work(Line);
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(surroundings.Error) });
        await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async bars =>
            {
                var bar = bars.AddTask("draining", maxValue: Math.Max(1, Number(first, "sessions_at_start")));
                Bar(first);
                await work(Bar);

                void Bar(JsonObject state)
                {
                    var left = Number(state, "sessions");
                    bar.Value = left == 0 ? bar.MaxValue : bar.MaxValue - Math.Min(left, bar.MaxValue);
                    bar.Description = $"{left} sessions left";
                }
            });
    }

    private void Line(JsonObject state)
    {
        var left = Number(state, "sessions");
        if (left != _told)
            surroundings.Error.WriteLine($"firezone: {left} sessions left");
        _told = left;
    }

    private static int Number(JsonObject state, string member) =>
        state[member] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;
}
