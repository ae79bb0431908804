using System.Net;

namespace Firezone.Cli.Api;

/// <summary>Waits as long as a busy server asks to, within reason.</summary>
internal sealed class Patience(TimeProvider time, TextWriter notes)
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(30);

    /// <summary>False when the answer is not one to wait after, or nothing is left of the patience.</summary>
    public async Task<bool> WaitAsync(HttpResponseMessage response, int attempt, CancellationToken ct)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) || attempt == MostAttempts)
            return false;
        var wait = Asked(response) ?? TimeSpan.FromSeconds(Math.Min(30, 1 << (attempt - 1)));
        if (wait > Longest)
            return false;
        if (wait > TimeSpan.FromSeconds(2))
            await notes.WriteLineAsync($"firezone: the server is busy, going on in {Math.Ceiling(wait.TotalSeconds)} s".AsMemory(), ct);
        await Task.Delay(wait, time, ct);
        return true;
    }

    private TimeSpan? Asked(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - time.GetUtcNow();
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }
}
