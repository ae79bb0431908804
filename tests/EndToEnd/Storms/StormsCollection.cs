namespace Firezone.EndToEnd.Storms;

/// <summary>Tests that measure, or have many devices: one after the other, when all others are through.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class StormsCollection
{
    public const string Name = "Storms";
}
