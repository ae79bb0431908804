using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Firezone.Cli.Output;

namespace Firezone.Cli.Api;

/// <summary>Speaks HTTP with the admin API: authentication, repetition when the server asks for it, pages, problems.</summary>
internal sealed class ApiClient : IDisposable
{
    private const int PageSize = 100;
    private const int LargestAnswer = 64 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly ApiToken _token;
    private readonly Patience _patience;

    public ApiClient(Uri url, ApiToken token, Patience patience)
    {
        Url = url;
        _token = token;
        _patience = patience;
        // A redirect would carry the token to another address. A proxy has no business between two programs of one machine.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _http.DefaultRequestHeaders.Authorization = token.Header();
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("firezone", Application.Version));
    }

    public Uri Url { get; }

    /// <summary>Sends a request and gives the JSON of the answer; null when it has none.</summary>
    public async Task<JsonNode?> SendAsync(ApiCall call, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var response = await ExchangeAsync(call, HttpCompletionOption.ResponseContentRead, ct);
            if (await _patience.WaitAsync(response, attempt, ct))
                continue;
            // The deletion before may have been made although its answer was lost.
            if (response.StatusCode == HttpStatusCode.NotFound && call.Method == HttpMethod.Delete && attempt > 1)
                return null;

            var body = await response.Content.ReadAsStringAsync(ct);
            if (!response.IsSuccessStatusCode)
                throw ApiProblem.From(response, body, _token, Url);
            return body.Length == 0 ? null : Parse(body);
        }
    }

    /// <summary>An object by its address.</summary>
    public async Task<JsonObject> GetAsync(string path, CancellationToken ct) =>
        await SendAsync(new ApiCall(HttpMethod.Get, path), ct) as JsonObject ?? throw Strange();

    /// <summary>The items of a list, page by page, until the last one or the limit.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        string path, IReadOnlyList<KeyValuePair<string, string>> query, int? limit, [EnumeratorCancellation] CancellationToken ct)
    {
        string? cursor = null;
        for (var left = limit ?? int.MaxValue; left > 0;)
        {
            List<KeyValuePair<string, string>> page = [.. query, new("limit", Math.Min(left, PageSize).ToString())];
            if (cursor is not null)
                page.Add(new("cursor", cursor));

            var answer = await SendAsync(new ApiCall(HttpMethod.Get, path) { Query = page }, ct) as JsonObject ?? throw Strange();
            foreach (var item in answer["data"] as JsonArray ?? throw Strange())
            {
                if (left-- > 0)
                    yield return item as JsonObject ?? throw Strange();
            }

            var next = answer.Text("next_cursor");
            if (next is null)
                yield break;
            if (next == cursor)
                throw CliException.Unreachable($"{Url} gives the same page of {path} again and again.");
            cursor = next;
        }
    }

    /// <summary>Opens an answer that has no end.</summary>
    public async Task<ApiStream> OpenAsync(ApiCall call, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await ExchangeAsync(call, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode)
                return new ApiStream(response, await response.Content.ReadAsStreamAsync(ct));
            using (response)
            {
                if (!await _patience.WaitAsync(response, attempt, ct))
                    throw ApiProblem.From(response, await response.Content.ReadAsStringAsync(ct), _token, Url);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> ExchangeAsync(ApiCall call, HttpCompletionOption completion, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(call.Method, Url.AbsoluteUri.TrimEnd('/') + call.Target);
        if (call.Body is not null)
            request.Content = new StringContent(call.Body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (call.IdempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", call.IdempotencyKey);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience.Answer);
        try
        {
            return await _http.SendAsync(request, completion, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw CliException.Unreachable($"{Url} did not answer within {Patience.Answer.TotalSeconds} s.{Doubt(call)}");
        }
        catch (HttpRequestException e)
        {
            var sent = e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError);
            throw CliException.Unreachable($"{Url} cannot be reached: {(e.InnerException ?? e).Message}{(sent ? Doubt(call) : "")}");
        }
    }

    private static string Doubt(ApiCall call) => call.IdempotencyKey is null
        ? ""
        : $"\n  The request may have been carried out. To repeat it safely, add --idempotency-key {call.IdempotencyKey}";

    private JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            throw Strange();
        }
    }

    private CliException Strange() => CliException.Unreachable($"{Url} does not answer like an admin API; is the address right?");
}
