using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Firezone.Admin.Hosting;

namespace Firezone.Admin.Problems;

/// <summary>A refused request (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>Of every problem.</summary>
    internal const string ContentType = "application/problem+json";

    /// <summary>Always <c>about:blank</c>: the code tells more than the status does.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>What went wrong, the same for every problem of this code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Stable name of the kind of problem.</summary>
    public required string Code { get; init; }

    /// <summary>What went wrong this time, for people.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong with which member or parameter of the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Names this request in the server's traces.</summary>
    public string? TraceId { get; init; }

    internal static Problem Unauthorized { get; } = Of(401, "unauthorized", "A valid token is required", null);

    internal static Problem Forbidden { get; } = Of(403, "forbidden", "The token's role does not allow this", null);

    internal static Problem AccountDisabled { get; } = Of(403, "account_disabled", "The account is disabled", null);

    internal static Problem NotFound { get; } = Of(404, "not_found", "There is no such thing", null);

    internal static Problem KeyReused { get; } = Of(
        422, "idempotency_key_reused", "The idempotency key was used for another request", null) with
    {
        Errors = new Dictionary<string, string[]> { ["Idempotency-Key"] = ["was used for another request in the last 24 hours"] },
    };

    internal static Problem Unavailable { get; } = Of(
        503, "unavailable", "The database or the cluster does not answer", "The change may or may not have been made.");

    /// <summary>One process of the cluster was asked in vain.</summary>
    internal static Problem Silent(string what) => Of(504, "node_silent", "A process of the cluster does not answer", what);

    internal static Problem Internal { get; } = Of(500, "internal_error", "The server failed", null);

    /// <summary>Seconds after which to try again; 0: none.</summary>
    internal int RetryAfter { get; private init; }

    internal static Problem RateLimited(TimeSpan wait) =>
        Of(429, "rate_limited", "Too many requests", null) with { RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) };

    internal static Problem Malformed(string detail, string? place = null) =>
        Of(400, "malformed_request", "The request cannot be read", place is null ? detail : $"{place}: {detail}") with
        {
            Errors = place is null ? null : new Dictionary<string, string[]> { [place] = [detail] },
        };

    internal static Problem Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        Of(400, "validation_failed", "The request is not valid", $"{errors.First().Key}: {errors.First().Value[0]}") with { Errors = errors };

    internal static Problem Conflict(string detail, string? field = null) =>
        Of(409, "conflict", "The request contradicts the present state", field is null ? detail : $"{field}: {detail}") with
        {
            Errors = field is null ? null : new Dictionary<string, string[]> { [field] = [detail] },
        };

    internal static Problem Of(int status, string code, string title, string? detail) =>
        new() { Status = status, Code = code, Title = title, Detail = detail };

    internal async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        var wait = Status == StatusCodes.Status503ServiceUnavailable ? 1 : RetryAfter;
        if (wait > 0)
            response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        await response.WriteAsJsonAsync(
            this with { TraceId = Activity.Current?.Id ?? context.TraceIdentifier }, AdminJson.Options, ContentType, context.RequestAborted);
    }
}
