using Firezone.Shared;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Authorizations;
using Firezone.Storage.Postgres.Behind;
using Firezone.Storage.Postgres.Connecting;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Secrets;
using Firezone.Storage.Postgres.Sessions;
using Firezone.Storage.Postgres.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Firezone.Storage.Postgres.Tests;

public sealed class StorageServicesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Everything_is_registered_and_stopping_the_host_writes_what_is_queued()
    {
        var account = await TestAccount.CreateAsync(postgres);
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddFirezoneStorage(postgres.ConnectionString);
        var session = new SessionRow(
            Guid.NewGuid(), Guid.NewGuid(), "client", account.Id, Guid.NewGuid(), account.ClientToken.Id, "eu", "::1", "1.5.7", DateTimeOffset.UnixEpoch);
        using (var host = builder.Build())
        {
            await host.StartAsync();
            var services = host.Services;
            Assert.NotNull(services.GetService<GatewayConnects>());
            Assert.NotNull(services.GetService<RelayConnects>());
            Assert.NotNull(services.GetService<AccountReader>());
            Assert.NotNull(services.GetService<AccountChangeReader>());
            Assert.NotNull(services.GetService<AccountChangePoll>());
            Assert.NotNull(services.GetService<CredentialReader>());
            Assert.NotNull(services.GetService<AuthorizationWriter>());
            Assert.NotNull(services.GetService<AuthorizationReader>());
            Assert.NotNull(services.GetService<FrontEndLeases>());
            Assert.NotNull(services.GetService<ClusterSecrets>());
            Assert.NotNull(services.GetService<Provisioner>());
            await services.GetRequiredService<AccountChangeListener>().Listening.WaitAsync(TimeSpan.FromSeconds(30));
            var connect = services.GetRequiredService<ClientConnects>();
            await connect.ConnectAsync(account.ClientToken.Text, Connector.Laptop(), Connector.Origin, CancellationToken.None);
            services.GetRequiredService<WriteBehind>().Opened(session);
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }
        Assert.Equal(1L, await postgres.ScalarAsync<long>("select count(*) from sessions where id = $1", session.Id));
        Assert.Equal(
            1L, await postgres.ScalarAsync<long>("select count(*) from client_tokens where id = $1 and last_seen_at is not null", account.ClientToken.Id));
    }
}
