using Firezone.Membership.Postgres.Telemetry;
using Firezone.Silos.Operations.Overview;

namespace Firezone.Silos.Operations.Pages;

/// <summary>What happened to the cluster lately.</summary>
internal static class TimelinePart
{
    internal static HtmlText Render(ClusterOverview overview) => overview.Events.Count == 0
        ? new HtmlText($"<li>Nothing that the running silos know of.</li>")
        : new HtmlText().AddEach(overview.Events, (list, e) => list.Add($"""
            <li class="{Class(e.Kind)}"><time datetime="{e.At:yyyy-MM-ddTHH:mm:ssZ}">{e.At:yyyy-MM-dd HH:mm:ss}</time> <b>{e.Silo}</b>
            {Sentence(e.Kind)}{(e.Detail is null ? "" : $": {e.Detail}")} <small>seen by {string.Join(", ", e.Observers)}</small></li>
            """));

    private static string Class(string kind) => kind switch
    {
        nameof(MembershipEventKind.Dead) or nameof(MembershipEventKind.Blind) => "bad",
        nameof(MembershipEventKind.Suspected) or nameof(MembershipEventKind.Vouched) or nameof(MembershipEventKind.Leaving) => "warn",
        _ => "good",
    };

    private static string Sentence(string kind) => kind switch
    {
        nameof(MembershipEventKind.Joining) => "joins",
        nameof(MembershipEventKind.Active) => "is active",
        nameof(MembershipEventKind.Leaving) => "leaves",
        nameof(MembershipEventKind.Dead) => "is gone",
        nameof(MembershipEventKind.Suspected) => "is suspected",
        nameof(MembershipEventKind.Vouched) => "sends no heartbeats but answers",
        nameof(MembershipEventKind.Cleared) => "is no longer suspected",
        nameof(MembershipEventKind.Blind) => "does not hear the cluster",
        nameof(MembershipEventKind.Sighted) => "hears the cluster",
        _ => kind,
    };
}
