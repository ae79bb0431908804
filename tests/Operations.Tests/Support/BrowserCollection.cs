namespace Firezone.Operations.Tests.Support;

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<ChromiumFixture>, ICollectionFixture<NodeFixture>
{
    public const string Name = "Browser";
}
