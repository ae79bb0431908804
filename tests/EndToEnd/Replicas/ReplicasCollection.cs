namespace Firezone.EndToEnd.Replicas;

/// <summary>Tests that start servers of their own and measure: one after the other, when all others are through.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ReplicasCollection
{
    public const string Name = "Replicas";
}
