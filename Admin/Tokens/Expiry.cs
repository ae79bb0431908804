using Firezone.Admin.Problems;

namespace Firezone.Admin.Tokens;

/// <summary>When a new token ends.</summary>
internal static class Expiry
{
    /// <summary>Refuses an instant that is past.</summary>
    public static DateTimeOffset? InFuture(DateTimeOffset? expiresAt, TimeProvider time) =>
        expiresAt > time.GetUtcNow() || expiresAt is null
            ? expiresAt?.ToUniversalTime()
            : throw ProblemException.Invalid("expires_at", "must be in the future");
}
