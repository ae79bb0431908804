namespace Firezone.Storage.Postgres.Accounts;

/// <summary>A group of gateways.</summary>
/// <param name="Id">The site.</param>
/// <param name="Name">Shown to users.</param>
public sealed record SiteRow(Guid Id, string Name);
