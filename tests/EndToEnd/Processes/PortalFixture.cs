namespace Firezone.EndToEnd.Processes;

/// <summary>One co-hosted portal process for a test class.</summary>
public sealed class PortalFixture : IAsyncLifetime
{
    internal Portal Portal { get; private set; } = null!;

    public async Task InitializeAsync() => Portal = await Portal.CoHostedAsync();

    public async Task DisposeAsync() => await Portal.DisposeAsync();
}
