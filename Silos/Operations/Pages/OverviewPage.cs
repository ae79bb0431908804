namespace Firezone.Silos.Operations.Pages;

/// <summary>The overview as a whole. It is complete without its script, which only keeps it up to date.</summary>
internal static class OverviewPage
{
    internal static string Render(IReadOnlyDictionary<string, string> parts, bool hasDashboard, bool hasSignOut)
    {
        HtmlText Part(string id) => new HtmlText().AddRaw(parts[id]);
        HtmlText Table(string id, string name) => new($"""
            <div class="scroll" role="region" aria-label="{name}" tabindex="0"><table id="{id}">{Part(id)}</table></div>
            """);
        var dashboard = hasDashboard ? new HtmlText($"<li><a href=\"dashboard/\">Orleans dashboard</a></li>") : new HtmlText();
        var signOut = hasSignOut ? new HtmlText($"<form method=\"post\" action=\"signout\"><button>Sign out</button></form>") : new HtmlText();
        return new HtmlText($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Firezone operations</title>
            <link rel="icon" href="icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="overview.css">
            <script src="overview.js" defer></script>
            <noscript><meta http-equiv="refresh" content="10"></noscript>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the figures</a>
            <header>
            <h1>Firezone operations</h1>
            <nav aria-label="Pages"><ul><li><a href="./" aria-current="page">Overview</a></li>{dashboard}</ul></nav>
            <p><span id="as-of">{Part("as-of")}</span> <span id="live" class="live"></span></p>
            {signOut}
            </header>
            <main id="main" tabindex="-1">
            <section aria-labelledby="h-problems"><h2 id="h-problems">Needs attention</h2><div id="problems" role="status" aria-live="polite">{Part("problems")}</div></section>
            <section aria-labelledby="h-summary"><h2 id="h-summary">At a glance</h2><dl id="summary">{Part("summary")}</dl></section>
            <section aria-labelledby="h-silos"><h2 id="h-silos">Cluster</h2>{Table("silos", "Silos")}{Table("front-ends", "Front-ends")}</section>
            <section aria-labelledby="h-sessions"><h2 id="h-sessions">Sessions</h2><div class="pair">{Table("sessions", "Sessions by region")}{Table("versions", "Sessions by version")}</div></section>
            <section aria-labelledby="h-flows"><h2 id="h-flows">Flows and refusals</h2><div class="pair">{Table("flows", "Flows")}{Table("refusals", "Refusals")}</div></section>
            <section aria-labelledby="h-sites"><h2 id="h-sites">Sites and database</h2><div class="pair">{Table("sites", "Sites")}{Table("replicas", "Database")}</div></section>
            <section aria-labelledby="h-timeline"><h2 id="h-timeline">Membership, latest first</h2><ol id="timeline">{Part("timeline")}</ol></section>
            </main>
            </body>
            </html>

            """).ToString();
    }
}
