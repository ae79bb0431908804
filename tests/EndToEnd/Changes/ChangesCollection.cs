using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Changes;

/// <summary>Tests that share one portal process; each has an account of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ChangesCollection : ICollectionFixture<PortalFixture>
{
    public const string Name = "Changes";
}
