namespace Firezone.Silos.Operations.Overview;

/// <summary>What the database had to say last.</summary>
/// <param name="Sessions">Live sessions by kind and region, and by kind and version.</param>
/// <param name="Sites">Sites with gateways, first those without one that is connected; not all if they are many.</param>
/// <param name="Age">How old this is.</param>
/// <param name="IsFailing">It did not answer since.</param>
internal sealed record DatabaseAnswer(IReadOnlyList<SessionFigure> Sessions, IReadOnlyList<SiteFigure> Sites, TimeSpan Age, bool IsFailing);
