namespace Firezone.Edge.PortalClient.PortalEvents;

/// <summary>The connection failed; another attempt follows by itself.</summary>
/// <param name="Delay">Time until the next attempt.</param>
/// <param name="Error">What went wrong, for people to read; holds no secret.</param>
/// <param name="GiveUpAfter">How long the channel goes on trying, counted from the first failure; null: for ever.</param>
public sealed record PortalHiccup(TimeSpan Delay, string Error, TimeSpan? GiveUpAfter) : PortalEvent;
