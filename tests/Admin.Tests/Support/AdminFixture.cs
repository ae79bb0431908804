using Firezone.Shared;

namespace Firezone.Admin.Tests.Support;

/// <summary>A running API for a test class.</summary>
public sealed class AdminFixture : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();

    public AdminHost Host { get; private set; } = null!;

    public PostgresFixture Postgres => _postgres;

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        Host = await AdminHost.StartAsync(_postgres);
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
