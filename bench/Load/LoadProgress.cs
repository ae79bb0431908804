namespace Firezone.Bench.Load;

/// <summary>How far a phase has got.</summary>
/// <param name="Begun">Operations that were begun.</param>
/// <param name="Succeeded">Those that ended well.</param>
/// <param name="Failed">Those that did not.</param>
/// <param name="Elapsed">Since the phase began.</param>
public readonly record struct LoadProgress(long Begun, long Succeeded, long Failed, TimeSpan Elapsed);
