namespace Firezone.Admin.Routing;

/// <summary>Where an account's routes are mapped; each side demands its role.</summary>
/// <param name="Read">For readers and admins.</param>
/// <param name="Change">For admins.</param>
internal sealed record AccountRoutes(IEndpointRouteBuilder Read, IEndpointRouteBuilder Change);
