namespace Firezone.Storage.Postgres.Sessions;

/// <summary>A front-end process that is known to live.</summary>
/// <param name="FrontEndId">Chosen anew by every process.</param>
/// <param name="Name">For operators, e.g. the host name.</param>
/// <param name="Region">Region label.</param>
/// <param name="Sessions">How many sockets it holds.</param>
public sealed record FrontEndLeaseRow(Guid FrontEndId, string Name, string Region, int Sessions);
