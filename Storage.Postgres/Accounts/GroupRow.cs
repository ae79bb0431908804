namespace Firezone.Storage.Postgres.Accounts;

/// <summary>A set of actors.</summary>
/// <param name="Id">The group.</param>
/// <param name="Name">Shown to administrators.</param>
/// <param name="IsEveryone">The managed group of all users of the account; it has no membership rows.</param>
public sealed record GroupRow(Guid Id, string Name, bool IsEveryone);
