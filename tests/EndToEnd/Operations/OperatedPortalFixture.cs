using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Operations;

/// <summary>One portal with an operator for a test class; its tests leave it as they found it.</summary>
public abstract class OperatedPortalFixture : IAsyncLifetime
{
    private readonly Func<(string Key, string Value)[], Task<Portal>> _start;
    private OperatedPortal? _portal;

    private protected OperatedPortalFixture(Func<(string Key, string Value)[], Task<Portal>> start) => _start = start;

    internal OperatedPortal Operated => _portal!;

    public async Task InitializeAsync() => _portal = await OperatedPortal.StartAsync(_start);

    public async Task DisposeAsync()
    {
        // Null when it did not come up.
        if (_portal is not null)
            await _portal.DisposeAsync();
    }
}
