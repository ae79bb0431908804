using Firezone.Wire.Json;

namespace Firezone.Wire.Edge;

/// <summary>Reads a client and a resource, and an expiry if there is one.</summary>
internal static class PairReader
{
    internal readonly record struct Pair(Guid ClientId, Guid ResourceId, DateTimeOffset? ExpiresAt);

    internal static bool TryRead(ref PayloadReader r, out Pair pair)
    {
        pair = default;
        Guid? clientId = null;
        Guid? resourceId = null;
        DateTimeOffset? expiresAt = null;
        while (r.NextMember())
        {
            var fits = true;
            if (r.Enter("client_id"u8))
                fits = r.TryOptionalGuid(out clientId);
            else if (r.Enter("resource_id"u8))
                fits = r.TryOptionalGuid(out resourceId);
            else if (r.Enter("expires_at"u8))
                fits = r.TryUnixSeconds(out expiresAt);
            if (!fits)
                return false;
        }

        if (clientId is null || resourceId is null)
            return false;

        pair = new Pair(clientId.Value, resourceId.Value, expiresAt);
        return true;
    }
}
