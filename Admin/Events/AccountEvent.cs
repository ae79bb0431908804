namespace Firezone.Admin.Events;

/// <summary>Something to be told to the listeners of an account.</summary>
/// <param name="AccountId">Of which account.</param>
/// <param name="Kind">What a listener filters by: <c>client</c>, <c>gateway</c> or <c>flow</c>.</param>
/// <param name="Name">Of the event.</param>
/// <param name="Json">Its data, one line.</param>
internal sealed record AccountEvent(Guid AccountId, string Kind, string Name, string Json);
