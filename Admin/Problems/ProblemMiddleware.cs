using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using Orleans.Runtime;

namespace Firezone.Admin.Problems;

/// <summary>Every failure leaves as a problem document; what is not understood is logged and told nobody.</summary>
internal sealed partial class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is not OutOfMemoryException && !context.Response.HasStarted)
        {
            var problem = Translate(e);
            if (problem.Status >= 500)
                Failed(e, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "", problem.Code);
            context.Response.Clear();
            context.Response.Headers.CacheControl = "no-store";
            await problem.WriteAsync(context);
            return;
        }

        if (!context.Response.HasStarted && context.Response.StatusCode >= 400 && context.Response.ContentType is null)
            await OfStatus(context.Response.StatusCode).WriteAsync(context);
    }

    private static Problem Translate(Exception e) => e switch
    {
        ProblemException known => known.Problem,
        BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => OfParameter(bad),
        BadHttpRequestException bad => OfStatus(bad.StatusCode),
        // Zero characters: JSON and query strings can hold them, PostgreSQL cannot.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
            Problem.Malformed("a text holds a character that cannot be stored"),
        PostgresException { IsTransient: false } => Problem.Internal,
        NpgsqlException or TimeoutException or OrleansException => Problem.Unavailable,
        _ => Problem.Internal,
    };

    private static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Problem.Unauthorized,
        StatusCodes.Status403Forbidden => Problem.Forbidden,
        StatusCodes.Status404NotFound => Problem.NotFound,
        StatusCodes.Status405MethodNotAllowed => Problem.Of(status, "method_not_allowed", "The route does not have this method", null),
        StatusCodes.Status413PayloadTooLarge => Problem.Of(status, "too_large", "The body is too large", null),
        StatusCodes.Status415UnsupportedMediaType =>
            Problem.Of(status, "unsupported_media_type", "The body has to be application/json", null),
        StatusCodes.Status503ServiceUnavailable => Problem.Unavailable,
        >= 500 => Problem.Internal,
        _ => Problem.Of(status, "malformed_request", "The request cannot be read", null),
    };

    // The reader's own messages name types of the program.
    private static Problem OfJson(JsonException e)
    {
        var place = e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        var unknown = UnknownMember().Match(e.Message);
        if (unknown.Success)
            return Problem.Malformed("is not known", unknown.Groups[1].Value);
        return place is null ? Problem.Malformed("the body is not the JSON that is expected") : Problem.Malformed("has a wrong type", place);
    }

    private static Problem OfParameter(BadHttpRequestException e)
    {
        var name = ParameterName().Match(e.Message);
        return name.Success
            ? Problem.Malformed("is missing or cannot be read", JsonNamingPolicy.SnakeCaseLower.ConvertName(name.Groups[1].Value))
            : Problem.Malformed("the body is missing or cannot be read");
    }

    // "The JSON property 'colour' could not be mapped to any .NET member …"
    [GeneratedRegex("^The JSON property '([^']{1,100})' could not be mapped")]
    private static partial Regex UnknownMember();

    // "Failed to bind parameter "Nullable<int> limit" from "many"." and "Required parameter "Guid resource_id" was not provided …"
    [GeneratedRegex("parameter \"\\S+ (\\w{1,100})\"")]
    private static partial Regex ParameterName();

    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "{Method} {Route} failed: {Code}")]
    private partial void Failed(Exception exception, string method, string route, string code);
}
