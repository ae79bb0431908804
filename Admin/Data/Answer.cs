namespace Firezone.Admin.Data;

/// <summary>The answer to a change, ready to be sent; also one that was kept from an earlier request.</summary>
internal sealed record Answer(int Status, byte[]? Body, string? Location, bool Replayed = false) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Location is not null)
            response.Headers.Location = Location;
        if (Replayed)
            response.Headers["Idempotent-Replayed"] = "true";
        if (Body is null)
            return;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }
}
