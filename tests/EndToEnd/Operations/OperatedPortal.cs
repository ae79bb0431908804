using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.EndToEnd.Sizing;
using Firezone.Shared;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;

namespace Firezone.EndToEnd.Operations;

/// <summary>A portal with an admin API, an account, and somebody who operates it.</summary>
internal sealed class OperatedPortal : IAsyncDisposable
{
    private readonly HttpClient _http;

    private OperatedPortal(Portal portal, Database database, string apiUrl, string token)
    {
        (Portal, Database, ApiUrl, Token) = (portal, database, apiUrl, token);
        _http = new HttpClient { BaseAddress = new Uri(apiUrl) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Portal Portal { get; }

    public Database Database { get; }

    public string ApiUrl { get; }

    public string Token { get; }

    /// <param name="start">Starts the portal with the settings that are given.</param>
    public static async Task<OperatedPortal> StartAsync(Func<(string Key, string Value)[], Task<Portal>> start)
    {
        var url = $"http://127.0.0.1:{ServerPort.Next()}";
        var portal = await start([("Admin__Url", url), ("Admin__RateLimit__Cost", "0")]);
        var database = new Database(portal.ConnectionString);
        return new(portal, database, url, (await new Provisioner(database).IssueOperatorTokenAsync("ops")).Text);
    }

    public Task<TestAccount> AccountAsync() => TestAccount.CreateAsync(Database);

    /// <summary>Somebody at the command line.</summary>
    public Operator Operator(TextWriter? error = null) => new(ApiUrl, Token) { Error = error ?? new StringWriter() };

    /// <summary>Status and body of an answer.</summary>
    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await _http.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        return ((int)reply.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        Assert.True(status == 200, $"{status} {body}");
        return body!;
    }

    /// <summary>Asks again until the answer is as expected.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var (_, body) = await SendAsync(HttpMethod.Get, path);
            if (body is not null && expected(body))
                return body;
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"{path} still answers {body}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>The account's newest open session of a kind, once its row is written.</summary>
    public async Task<Guid> SessionAsync(TestAccount account, string kind)
    {
        await Sessions.WaitUntilOpenAsync(Database, account, kind, 1);
        await using var command = Database.Write.CreateCommand(
            "select id from sessions where account_id = $1 and kind = $2 and ended_at is null");
        command.Parameters.AddWithValue(account.Id);
        command.Parameters.AddWithValue(kind);
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Database.DisposeAsync();
        await Portal.DisposeAsync();
    }
}
