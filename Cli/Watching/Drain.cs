using System.Text.Json.Nodes;
using Firezone.Cli.Api;
using Firezone.Cli.Catalog;
using Firezone.Cli.Commands;
using Firezone.Cli.Output;

namespace Firezone.Cli.Watching;

/// <summary>Takes a process out of service and, if asked to, waits until nothing is left on it.</summary>
internal static class Drain
{
    /// <summary>The option that asks to wait.</summary>
    public const string Wait = "wait";

    private const string Verb = "/drain";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(Session session, Request request, CancellationToken ct)
    {
        var state = await session.Api.SendAsync(request.Call, ct) as JsonObject ?? [];
        if (request.Local.Contains(Wait))
        {
            var path = request.Call.Path[..^Verb.Length];
            await new DrainProgress(session.Surroundings).WhileAsync(state, async tell =>
            {
                while (state.Text("state") is "draining" or "serving" or "starting")
                {
                    // A drain that somebody else has ended is not waited for.
                    if (state.Text("state") is not "draining")
                        throw CliException.Refused("Somebody has taken it back into service.");
                    await Task.Delay(Pause, session.Surroundings.Time, ct);
                    state = await session.Api.GetAsync(path, ct);
                    tell(state);
                }
            });
            if (state.Text("state") is "stopping")
                throw CliException.Refused("It has been told to stop meanwhile.");
        }

        if (session.Report.IsJson)
            session.Report.WriteJson(state);
        else
            NodeView.Show(session.Report, state);
        return ExitCode.Success;
    }
}
