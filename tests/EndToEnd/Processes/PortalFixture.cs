namespace Firezone.EndToEnd.Processes;

/// <summary>One co-hosted portal process for a test class.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    private Portal? _portal;

    internal Portal Portal => _portal!;

    public async Task InitializeAsync() => _portal = await Portal.CoHostedAsync();

    public async Task DisposeAsync()
    {
        // Null when it did not come up.
        if (_portal is not null)
            await _portal.DisposeAsync();
    }
}
