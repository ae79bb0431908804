namespace Firezone.Operations.Tests.Support;

/// <summary>One node for a test class.</summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private OperationsNode? _node;

    public OperationsNode Node => _node!;

    public async Task InitializeAsync() => _node = await OperationsNode.StartAsync();

    public async Task DisposeAsync()
    {
        // Null when it did not come up.
        if (_node is not null)
            await _node.DisposeAsync();
    }
}
