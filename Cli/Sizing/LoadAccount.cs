using System.Globalization;
using System.Text.Json.Nodes;
using Firezone.Bench.Load;
using Firezone.Cli.Api;
using Firezone.Cli.Output;

namespace Firezone.Cli.Sizing;

/// <summary>
/// Makes by the admin API what load needs, and removes it again: an account of its own if the token is an operator's, else a site, a group, an
/// actor and resources within the token's account.
/// </summary>
internal sealed class LoadAccount(ApiClient api, TimeProvider time, Func<ApiToken, ApiClient> open) : IDisposable
{
    private const int Resources = 2;
    private static readonly TimeSpan LongestRemoval = TimeSpan.FromSeconds(80);

    // What was made, with the client whose token may remove it; removed in the opposite order.
    private readonly Stack<(ApiClient Api, string Path)> _made = new();
    private readonly string _name = $"load-{Guid.NewGuid():N}"[..16];
    private ApiClient? _own;

    /// <summary>What is left if removal fails.</summary>
    public IEnumerable<string> Left => _made.Select(made => made.Path);

    /// <summary>Makes everything; what was made before a failure is known to <see cref="RemoveAsync"/>.</summary>
    public async Task<Credentials> MakeAsync(int tokens, CancellationToken ct)
    {
        var relay = await MakeAccountAsync(ct) ? await MakeTokenAsync(api, "/v1/relay-tokens", removable: true, ct) : null;
        var account = _own ?? api;
        var site = await MakeAsync(account, "/v1/sites", new() { ["name"] = _name }, ct);
        var group = await MakeAsync(account, "/v1/groups", new() { ["name"] = _name }, ct);
        var actor = await MakeAsync(account, "/v1/actors", new() { ["type"] = "service_account", ["name"] = _name }, ct);
        await account.SendAsync(
            new ApiCall(HttpMethod.Patch, $"/v1/groups/{group}/members") { Body = new() { ["add"] = new JsonArray(actor) } }, ct);
        List<string> resources = [];
        for (var number = 0; number < Resources; number++)
        {
            var address = $"198.18.{number}.0/24"; // Set aside for benchmarks.
            resources.Add(await MakeAsync(
                account,
                "/v1/resources",
                new() { ["type"] = "cidr", ["name"] = $"{_name} {number}", ["address"] = address, ["site_id"] = site },
                ct));
            await MakeAsync(account, "/v1/policies", new() { ["group_id"] = group, ["resource_id"] = resources[^1] }, ct);
        }

        List<string> clients = [];
        for (var number = 0; number < tokens; number++)
        {
            var expires = time.GetUtcNow().AddDays(1).ToString("O", CultureInfo.InvariantCulture);
            var made = await PostAsync(account, $"/v1/actors/{actor}/client-tokens", new() { ["expires_at"] = expires }, ct);
            clients.Add(made.Text("token") ?? throw Strange());
        }

        return new Credentials
        {
            ClientTokens = clients,
            GatewayToken = await MakeTokenAsync(account, $"/v1/sites/{site}/gateway-tokens", removable: false, ct),
            RelayToken = relay,
            Resources = resources,
        };
    }

    /// <summary>Removes all that was made, the last first; a failure does not keep the rest from being removed.</summary>
    public async Task<bool> RemoveAsync()
    {
        using var limit = new CancellationTokenSource(LongestRemoval, time);
        List<(ApiClient, string)> failed = [];
        while (_made.TryPop(out var made))
        {
            try
            {
                await made.Api.SendAsync(new ApiCall(HttpMethod.Delete, made.Path), limit.Token);
            }
            catch (CliException e) when (e.Status == 404)
            {
                // It went with something else.
            }
            catch (Exception e) when (e is CliException or OperationCanceledException)
            {
                failed.Add(made);
            }
        }

        failed.ForEach(_made.Push);
        return failed.Count == 0;
    }

    public void Dispose() => _own?.Dispose();

    /// <summary>False if the token is no operator's.</summary>
    private async Task<bool> MakeAccountAsync(CancellationToken ct)
    {
        try
        {
            var administrator = new JsonObject { ["name"] = _name, ["email"] = $"{_name}@example.com" };
            var made = await PostAsync(api, "/v1/accounts", new() { ["name"] = _name, ["slug"] = _name, ["admin"] = administrator }, ct);
            _made.Push((api, $"/v1/accounts/{made.Object("account")?.Text("id") ?? throw Strange()}"));
            _own = open(ApiToken.Parse(made.Object("admin")?.Text("token") ?? throw Strange(), "the load account"));
            return true;
        }
        catch (CliException e) when (e.Status == 403)
        {
            return false;
        }
    }

    private async Task<string> MakeAsync(ApiClient account, string path, JsonObject body, CancellationToken ct)
    {
        var id = (await PostAsync(account, path, body, ct)).Text("id") ?? throw Strange();

        // An account of one's own takes everything with it.
        if (_own is null)
            _made.Push((account, $"{path}/{id}"));
        return id;
    }

    private async Task<string> MakeTokenAsync(ApiClient account, string path, bool removable, CancellationToken ct)
    {
        var made = await PostAsync(account, path, null, ct);
        if (removable)
            _made.Push((account, $"{path}/{made.Text("id") ?? throw Strange()}"));
        return made.Text("token") ?? throw Strange();
    }

    /// <summary>An interrupt lets a request end that is under way: what it makes has to be known, or it would stay.</summary>
    private static async Task<JsonObject> PostAsync(ApiClient client, string path, JsonObject? body, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var call = new ApiCall(HttpMethod.Post, path) { Body = body, IdempotencyKey = Guid.NewGuid().ToString() };
        return await client.SendAsync(call, CancellationToken.None) as JsonObject ?? throw Strange();
    }

    private static CliException Strange() => CliException.Unreachable("The admin API does not answer as expected.");
}
