using System.Security.Cryptography;
using System.Text;
using Firezone.Admin.Authentication;
using Firezone.Admin.Problems;

namespace Firezone.Admin.Idempotency;

/// <summary>Notes the key of a POST that carries one; <see cref="KeptAnswer"/> does the rest within the change's transaction.</summary>
internal static class IdempotencyMiddleware
{
    /// <summary>Of the request header.</summary>
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;
    private const int InMemory = 1024 * 1024;

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method) && request.Headers.TryGetValue(Header, out var keys)
            && context.Features.Get<Caller>() is { } caller && TokenAuthentication.Presented(request) is { } token)
        {
            if (keys is not [{ Length: > 0 and <= LongestKey } key] || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
                throw ProblemException.Invalid(Header, $"must be 1 to {LongestKey} visible ASCII characters");
            var keyHash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
            context.Features.Set(new RepeatableRequest(
                caller.TokenId,
                keyHash,
                await HashAsync(request, context.RequestAborted),
                HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(token), 32, keyHash, "firezone admin answer"u8.ToArray())));
        }

        await next(context);
    }

    private static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering(InMemory, InMemory);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ct)) > 0)
            hash.AppendData(buffer.AsSpan(0, read));
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
