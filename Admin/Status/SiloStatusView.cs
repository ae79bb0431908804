namespace Firezone.Admin.Status;

/// <summary>A silo.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">For operators only.</param>
/// <param name="Region">Null when it has none.</param>
/// <param name="Zone">Null when it has none.</param>
/// <param name="Status"><c>joining</c>, <c>active</c>, <c>shutting_down</c>, <c>stopping</c>, <c>created</c> or <c>none</c>.</param>
/// <param name="StartedAt">When its process began.</param>
public sealed record SiloStatusView(string Name, string? Address, string? Region, string? Zone, string Status, DateTimeOffset StartedAt);
