namespace Firezone.Wire.Json;

/// <summary>Bounded lists of ids and strings.</summary>
internal static class Lists
{
    /// <summary>Most ids in one message.</summary>
    internal const int MaxIds = 256;

    /// <summary>Most ICE candidates in one message.</summary>
    internal const int MaxCandidates = 256;

    /// <summary>Longest ICE candidate in bytes; a real one has about 100.</summary>
    internal const int MaxCandidateBytes = 2048;

    /// <summary>
    /// UUIDs of an array; other elements are skipped. False if it is no array or, with <paramref name="strict"/>, too long.
    /// </summary>
    internal static bool TryIds(ReadOnlyMemory<byte> json, bool strict, out Guid[] ids)
    {
        ids = [];
        var reader = new PayloadReader(json);
        if (!reader.IsArray)
            return false;

        List<Guid>? found = null;
        for (var count = 0; reader.NextElement(); count++)
        {
            if (count == MaxIds)
            {
                if (strict)
                    return false;
                break;
            }

            if (reader.TryGuid(out var id))
                (found ??= []).Add(id);
        }

        ids = found?.ToArray() ?? [];
        return true;
    }

    /// <summary>Strings of an array. False if it is no array, too long, or has another or an overlong element.</summary>
    internal static bool TryStrings(ReadOnlyMemory<byte> json, int maxCount, int maxLength, out string[] values)
    {
        values = [];
        var reader = new PayloadReader(json);
        if (!reader.IsArray)
            return false;

        List<string>? found = null;
        while (reader.NextElement())
        {
            if (found?.Count == maxCount || !reader.TryString(maxLength, out var value))
                return false;
            (found ??= []).Add(value);
        }

        values = found?.ToArray() ?? [];
        return true;
    }
}
