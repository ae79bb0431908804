using Firezone.Wire.Frames;

namespace Firezone.Gateway.WebSockets.Upgrades;

/// <summary>Reads the <c>vsn</c> parameter.</summary>
internal static class SerializerVersion
{
    /// <summary>Absent or <c>1.0.x</c>: version 1. <c>2.0.x</c>: version 2. Anything else is refused.</summary>
    internal static bool TryParse(string? vsn, out FrameVersion version)
    {
        version = FrameVersion.V1;
        if (vsn is null)
            return true;

        if (vsn.StartsWith("2.0.", StringComparison.Ordinal))
            version = FrameVersion.V2;
        else if (!vsn.StartsWith("1.0.", StringComparison.Ordinal))
            return false;

        var patch = vsn.AsSpan(4);
        return patch.Length is > 0 and <= 9 && !patch.ContainsAnyExceptInRange('0', '9');
    }
}
