namespace Firezone.Admin.Data;

/// <summary>The request that changes something, for the audit log.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">The route's pattern, without the values in it.</param>
internal sealed record ChangeOrigin(string Method, string Route);
