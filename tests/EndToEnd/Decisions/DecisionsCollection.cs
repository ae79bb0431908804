using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Decisions;

/// <summary>Tests that share one portal process; each has an account of its own.</summary>
[CollectionDefinition(Name)]
public sealed class DecisionsCollection : ICollectionFixture<PortalFixture>
{
    public const string Name = "Decisions";
}
