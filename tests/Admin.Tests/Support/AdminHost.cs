using System.Net.Http.Headers;
using Firezone.Admin.Hosting;
using Firezone.Shared;
using Firezone.Storage.Postgres.Provisioning;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Firezone.Admin.Tests.Support;

/// <summary>The admin API on a database of its own and a free port, without a cluster unless one is given.</summary>
public sealed class AdminHost : IAsyncDisposable
{
    private readonly AdminServer _server;
    private readonly HttpClient _anonymous;
    private readonly List<HttpClient> _clients = [];

    private AdminHost(AdminServer server, PostgresFixture postgres)
    {
        _server = server;
        Postgres = postgres;
        _anonymous = new HttpClient { BaseAddress = new Uri(server.Address) };
    }

    public PostgresFixture Postgres { get; }

    public Provisioner Provisioner => Postgres.Provisioner;

    public string Address => _server.Address;

    public static async Task<AdminHost> StartAsync(
        PostgresFixture postgres, Action<AdminOptions>? configure = null, IGrainFactory? grains = null, TimeProvider? time = null)
    {
        var options = new AdminOptions { Url = "http://127.0.0.1:0", MaxDatabaseConnections = 16 };
        options.RateLimit.Cost = 0;
        configure?.Invoke(options);
        var server = new AdminServer(
            postgres.ConnectionString,
            postgres.Database,
            Options.Create(options),
            grains ?? new NoCluster(),
            time ?? TimeProvider.System,
            NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return new AdminHost(server, postgres);
    }

    /// <summary>An account with an administrator and a token.</summary>
    public async Task<AdminCaller> AccountAsync(string role = "admin")
    {
        var account = await Provisioner.CreateAccountAsync($"a{Guid.NewGuid():N}"[..20], "Account");
        await Provisioner.EnsureEveryoneAsync(account);
        var actor = await Provisioner.CreateActorAsync(account, "account_admin_user", "Ada", "ada@example.com");
        return await CallerAsync(account, actor, role);
    }

    /// <summary>Another token of an account.</summary>
    public async Task<AdminCaller> CallerAsync(Guid account, Guid actor, string role)
    {
        var token = await Provisioner.IssueAdminTokenAsync(actor, role, "test");
        return new AdminCaller(WithToken(token.Text), account, actor, token);
    }

    /// <summary>An operator.</summary>
    public async Task<AdminCaller> OperatorAsync()
    {
        var token = await Provisioner.IssueOperatorTokenAsync("test");
        return new AdminCaller(WithToken(token.Text), Guid.Empty, Guid.Empty, token);
    }

    public HttpClient Anonymous() => _anonymous;

    public HttpClient WithToken(string token)
    {
        var client = new HttpClient { BaseAddress = new Uri(Address) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        _anonymous.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }
}
