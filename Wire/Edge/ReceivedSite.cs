namespace Firezone.Wire.Edge;

/// <summary>The site whose gateways serve a resource.</summary>
/// <param name="Id">Site id.</param>
/// <param name="Name">Display name.</param>
public readonly record struct ReceivedSite(Guid Id, string Name);
