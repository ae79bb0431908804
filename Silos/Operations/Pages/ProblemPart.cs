using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>What an operator should look at first.</summary>
internal static class ProblemPart
{
    /// <summary>A silo beats several times in this time.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    internal static HtmlText Render(ClusterOverview overview)
    {
        var problems = Of(overview).ToList();
        return problems.Count == 0
            ? new HtmlText($"<p class=\"good\">Nothing needs attention.</p>")
            : new HtmlText($"<ul class=\"bad\">").AddEach(problems, (html, problem) => html.Add($"<li>{problem}</li>")).Add($"</ul>");
    }

    /// <summary>Changes only when the state does, so that whoever has the page read aloud is not told figures every second.</summary>
    private static IEnumerable<string> Of(ClusterOverview overview)
    {
        if (overview.DatabaseFails)
            yield return "The database does not answer.";
        foreach (var silo in overview.Silos)
        {
            if (silo is { Status: "active", Report: null })
                yield return $"Silo {silo.Name} at {silo.Address} does not answer.";
            else if (silo is { Status: "active", HeartbeatAge: { } age } && age > Quiet)
                yield return $"Silo {silo.Name} at {silo.Address} sends no heartbeats.";
            if (silo.Report is { Database: not "closed" })
                yield return $"Silo {silo.Name} refuses connects because the database does not answer it.";
        }

        foreach (var replica in overview.Silos.SelectMany(s => s.Report?.Replicas ?? []).Where(r => r.State != "usable").Select(r => (r.Host, r.State)).Distinct())
            yield return $"Replica {replica.Host} is {replica.State}.";
        if (overview.FrontEnds is null)
            yield return "The directory of the front-ends does not answer.";
        foreach (var frontEnd in overview.FrontEnds ?? [])
        {
            if (frontEnd.Report is null)
                yield return $"Front-end {frontEnd.Name} does not answer.";
            else if (frontEnd.Report.IsStorm)
                yield return $"Front-end {frontEnd.Name} turns connects away: more come than it can take on.";
        }

        if (overview.Database?.Sites.FirstOrDefault() is { Dark: > 0 } sites)
            yield return $"{Words.Count(sites.Dark, "site")} of {Words.Number(sites.Sites)} without a gateway online.";
    }
}
