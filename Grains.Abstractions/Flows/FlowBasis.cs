namespace Firezone.Grains.Abstractions.Flows;

/// <summary>On which state of the configuration a flow was granted. What has changed since may take it away again.</summary>
/// <param name="DecidedAt">Version of the account.</param>
/// <param name="PolicyRevision">Of the granting policy; the row is refused if the policy has another one by then.</param>
/// <param name="ResourceRevision">Of the resource, likewise.</param>
[GenerateSerializer, Immutable, Alias("fz.FlowBasis")]
public readonly record struct FlowBasis(
    [property: Id(0)] long DecidedAt,
    [property: Id(1)] long PolicyRevision,
    [property: Id(2)] long ResourceRevision);
