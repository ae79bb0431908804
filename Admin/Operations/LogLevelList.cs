namespace Firezone.Admin.Operations;

/// <summary>The log levels of the whole cluster.</summary>
/// <param name="Nodes">Every process that is known.</param>
public sealed record LogLevelList(IReadOnlyList<NodeLogLevelsView> Nodes);
