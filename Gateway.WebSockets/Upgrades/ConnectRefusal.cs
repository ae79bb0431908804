using Firezone.Grains.Abstractions.Admission;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>One way of refusing a connect: the HTTP status that native peers act on and the code that newer ones read.</summary>
/// <param name="Status">401 ends the peer for good; it is given for tokens only.</param>
/// <param name="Code">Also the tag of the metric.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Detail">For people.</param>
/// <param name="RetryAfter">
/// <c>Retry-After</c> in seconds, 0 for none. The one sent is drawn between 1 and this, or more if many devices are to come back already.
/// </param>
internal sealed record ConnectRefusal(int Status, string Code, string Title, string Detail, int RetryAfter = 0)
{
    internal static readonly ConnectRefusal NotGet = new(
        400, "bad_request", "Bad Request", "This is a WebSocket endpoint: only GET is served.");

    internal static readonly ConnectRefusal NotUpgrade = new(
        400, "not_websocket", "Bad Request", "The request is not a valid WebSocket upgrade.");

    internal static readonly ConnectRefusal Origin = new(403, "forbidden", "Forbidden", "The origin is not this host.");

    internal static readonly ConnectRefusal Vsn = new(403, "unsupported_vsn", "Forbidden", "The serializer version is not supported.");

    internal static readonly ConnectRefusal RateLimit = new(
        503, "rate_limit", "Service Unavailable", "Too many connects. Try again in a second.", 1);

    internal static readonly ConnectRefusal Starting = new(503, "starting", "Service Unavailable", "The service is starting.", 5);

    internal static readonly ConnectRefusal Draining = new(503, "draining", "Service Unavailable", "The service is stopping.", 5);

    internal static readonly ConnectRefusal Overloaded = new(503, "overloaded", "Service Unavailable", "Too many connects at once.", 2);

    internal static readonly ConnectRefusal Full = new(503, "overloaded", "Service Unavailable", "All places are taken.", 5);

    internal static readonly ConnectRefusal AddressFull = new(
        503, "overloaded", "Service Unavailable", "All places of this address are taken.", 5);

    internal static readonly ConnectRefusal Unavailable = new(
        503, "unavailable", "Service Unavailable", "The connect could not be decided on.", 5);

    internal static readonly ConnectRefusal MissingToken = new(401, "missing_token", "Unauthorized", "Missing token");

    private static readonly ConnectRefusal InvalidToken = new(401, "invalid_token", "Unauthorized", "Invalid token");

    private static readonly ConnectRefusal LimitsExceeded = new(
        402, "limits_exceeded", "Payment Required", "The account is over its limits. Ask its administrator.");

    private static readonly ConnectRefusal InvalidParameters = new(
        422, "invalid_connect_params", "Unprocessable Content", "Invalid or missing connection parameters");

    private static readonly ConnectRefusal InternalError = new(500, "internal_error", "Internal Server Error", "The connect failed.");

    /// <summary>This process failed, not the connect.</summary>
    internal bool IsFailure => Status >= 500 && Code is "unavailable" or "internal_error";

    /// <summary>The admission's refusal.</summary>
    internal static ConnectRefusal From(Refusal refusal, string? detail)
    {
        var answer = refusal switch
        {
            Refusal.InvalidToken => InvalidToken,
            Refusal.LimitsExceeded => LimitsExceeded,
            Refusal.InvalidConnectParams => InvalidParameters,
            Refusal.Unavailable => Unavailable,
            Refusal.Overloaded => Overloaded,
            _ => InternalError,
        };
        return detail is null ? answer : answer with { Detail = detail };
    }
}
