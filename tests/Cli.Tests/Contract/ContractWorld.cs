using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Firezone.Cli.Tests.Contract;

/// <summary>The state of one portal and the rules of the contract that a client of the API can notice.</summary>
internal sealed class ContractWorld
{
    /// <summary>The tokens that this server knows.</summary>
    public const string AdminToken = ".aadmin-secret";
    public const string ReaderToken = ".areader-secret";
    public const string OperatorToken = ".aoperator-secret";

    private static readonly Dictionary<string, string> Roles = new()
    {
        [AdminToken] = "admin",
        [ReaderToken] = "reader",
        [OperatorToken] = "operator",
    };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Request, int Status, string Body)> _answers = [];

    public ContractStore Store { get; } = new();

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<RecordedCall> Calls { get; } = new();

    /// <summary>Answers that come before any other, one for each request.</summary>
    public ConcurrentQueue<ContractProblem> Refusals { get; } = new();

    /// <summary>What the next event streams do.</summary>
    public ConcurrentQueue<Func<EventWriter, Task>> Streams { get; } = new();

    /// <summary>Replaces the answer to a request; null leaves it as it is.</summary>
    public Func<HttpContext, string, Task<bool>>? Intercept { get; set; }

    public async Task HandleAsync(HttpContext context, string path)
    {
        if (Intercept is not null && await Intercept(context, path))
            return;
        try
        {
            await AnswerAsync(context, path);
        }
        catch (ContractProblem problem)
        {
            context.Response.StatusCode = problem.Status;
            context.Response.ContentType = "application/problem+json";
            if (problem.RetryAfter is not null)
                context.Response.Headers.RetryAfter = problem.RetryAfter;
            await context.Response.WriteAsync(problem.Document().ToJsonString());
        }
    }

    private async Task AnswerAsync(HttpContext context, string path)
    {
        var request = context.Request;
        var (route, parameters) = ContractRoutes.All
            .Where(candidate => candidate.Method == request.Method)
            .Select(candidate => (candidate, candidate.Match(path)))
            .FirstOrDefault(match => match.Item2 is not null);
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        var body = text.Length == 0 ? null : ParseBody(request, text);
        Calls.Enqueue(new RecordedCall(
            route is null ? "?" : $"{route.Method} {route.Template}",
            path,
            Uri.UnescapeDataString(request.QueryString.Value ?? "").TrimStart('?'),
            body?.DeepClone(),
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));

        if (Refusals.TryDequeue(out var refusal))
            throw refusal;
        if (!Roles.TryGetValue(request.Headers.Authorization.ToString().Replace("Bearer ", ""), out var role))
            throw new ContractProblem(401, "unauthorized", "A valid token is missing");
        if (route is null)
            throw ContractProblem.NotFound();
        if (!route.Roles.Split(' ').Contains(role))
            throw new ContractProblem(403, "forbidden", "The role does not suffice");

        if (route.Id == "streamEvents")
        {
            await StreamAsync(context);
            return;
        }

        var (status, answer) = Replay(request, route, Answer, text);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (answer.Length > 0)
            await context.Response.WriteAsync(answer);

        (int Status, string Body) Answer() =>
            (Status(route), Store.Answer(route, parameters!, request.Query, Check(route, body))?.ToJsonString() ?? "");
    }

    private (int Status, string Body) Replay(HttpRequest request, ContractRoute route, Func<(int Status, string Body)> answer, string body)
    {
        lock (_lock)
        {
            if (route.Method != "POST")
                return answer();
            var key = request.Headers["Idempotency-Key"].ToString();
            if (key.Length == 0)
                throw ContractProblem.Invalid("Idempotency-Key", "every request of this program that creates must have one");

            var asked = $"{request.Path} {body}";
            if (!_answers.TryGetValue(key, out var kept))
            {
                var (status, text) = answer();
                _answers[key] = kept = (asked, status, text);
            }

            return kept.Request == asked
                ? (kept.Status, kept.Body)
                : throw new ContractProblem(422, "idempotency_key_reused", "The key belongs to another request");
        }
    }

    private static int Status(ContractRoute route) => route.Method switch
    {
        "DELETE" => 204,
        "POST" when route.Id.StartsWith("create", StringComparison.Ordinal) => 201,
        _ => 200,
    };

    private static JsonNode? ParseBody(HttpRequest request, string text)
    {
        if (request.ContentType != "application/json")
            throw new ContractProblem(415, "unsupported_media_type", "JSON only");
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new ContractProblem(400, "malformed_request", "No JSON");
        }
    }

    /// <summary>Members that are unknown, missing or null where they must not be are refused.</summary>
    private static JsonObject Check(ContractRoute route, JsonNode? body)
    {
        var given = body as JsonObject ?? [];
        var rules = route.Body.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(rule => rule.TrimEnd('!', '?'));
        foreach (var (member, value) in given)
        {
            if (!rules.TryGetValue(member, out var rule))
                throw new ContractProblem(400, "malformed_request", "The request is not valid") { Field = (member, "is not known") };
            if (value is null && !rule.EndsWith('?'))
                throw ContractProblem.Invalid(member, "must not be null");
        }

        foreach (var (member, rule) in rules)
            if (rule.EndsWith('!') && !given.ContainsKey(member))
                throw ContractProblem.Invalid(member, "is missing");
        return given;
    }

    private async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync();
        if (Streams.TryDequeue(out var script))
            await script(new EventWriter(context.Response));
    }
}
