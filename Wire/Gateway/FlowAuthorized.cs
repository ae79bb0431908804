using Firezone.Wire.Json;

namespace Firezone.Wire.Gateway;

/// <summary>A gateway's <c>flow_authorized</c>.</summary>
/// <param name="Ref">Whatever the gateway sent, at most 2048 bytes: to be verified.</param>
public readonly record struct FlowAuthorized(string Ref)
{
    internal const int MaxRefBytes = 2048;

    /// <summary>False if the ref is missing, overlong or no string: an unknown message.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out FlowAuthorized msg) => PayloadParser.TryParse(payload, Read, out msg);

    private static bool Read(ref PayloadReader r, out FlowAuthorized msg)
    {
        msg = default;
        string? reference = null;
        while (r.NextMember())
        {
            if (r.Enter("ref"u8) && !r.TryString(MaxRefBytes, out reference))
                return false;
        }

        if (reference is null)
            return false;

        msg = new FlowAuthorized(reference);
        return true;
    }
}
