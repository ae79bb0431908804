using System.Globalization;

namespace Firezone.Wire.Versions;

/// <summary>
/// A component's version, ordered by Semantic Versioning 2.0: numbers by value, a pre-release before its release. Build metadata is
/// accepted and forgotten. The default value is 0.0.0.
/// </summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
/// <param name="Patch">Third number.</param>
/// <param name="PreRelease">Dot-separated identifiers after the hyphen, null for a release.</param>
public readonly record struct ComponentVersion(int Major, int Minor, int Patch, string? PreRelease = null)
    : IComparable<ComponentVersion>, IComparable
{
    // Longer texts are no version of any component; the bound keeps comparisons cheap.
    private const int MaxLength = 128;

    /// <summary>Accepts exactly <c>major.minor.patch[-pre.release][+build]</c> without leading zeros.</summary>
    public static bool TryParse(string? text, out ComponentVersion version)
    {
        version = default;
        if (text is null || text.Length > MaxLength)
            return false;

        ReadOnlySpan<char> rest = text;
        var plus = rest.IndexOf('+');
        if (plus >= 0)
        {
            if (!AreIdentifiers(rest[(plus + 1)..], numbersAreStrict: false))
                return false;
            rest = rest[..plus];
        }

        string? preRelease = null;
        var hyphen = rest.IndexOf('-');
        if (hyphen >= 0)
        {
            if (!AreIdentifiers(rest[(hyphen + 1)..], numbersAreStrict: true))
                return false;
            preRelease = rest[(hyphen + 1)..].ToString();
            rest = rest[..hyphen];
        }

        Span<Range> parts = stackalloc Range[4];
        if (rest.Split(parts, '.') != 3
            || !TryParseNumber(rest[parts[0]], out var major)
            || !TryParseNumber(rest[parts[1]], out var minor)
            || !TryParseNumber(rest[parts[2]], out var patch))
        {
            return false;
        }

        version = new ComponentVersion(major, minor, patch, preRelease);
        return true;
    }

    /// <inheritdoc />
    public int CompareTo(ComponentVersion other)
    {
        var order = Major.CompareTo(other.Major);
        if (order == 0)
            order = Minor.CompareTo(other.Minor);
        if (order == 0)
            order = Patch.CompareTo(other.Patch);
        return order != 0 ? order : ComparePreRelease(PreRelease, other.PreRelease);
    }

    /// <inheritdoc />
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        ComponentVersion other => CompareTo(other),
        _ => throw new ArgumentException("not a component version", nameof(obj)),
    };

    /// <summary>By precedence.</summary>
    public static bool operator <(ComponentVersion left, ComponentVersion right) => left.CompareTo(right) < 0;

    /// <summary>By precedence.</summary>
    public static bool operator >(ComponentVersion left, ComponentVersion right) => left.CompareTo(right) > 0;

    /// <summary>By precedence.</summary>
    public static bool operator <=(ComponentVersion left, ComponentVersion right) => left.CompareTo(right) <= 0;

    /// <summary>By precedence.</summary>
    public static bool operator >=(ComponentVersion left, ComponentVersion right) => left.CompareTo(right) >= 0;

    /// <summary>The text that <see cref="TryParse"/> reads, without build metadata.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(PreRelease is null ? "" : "-")}{PreRelease}");

    private static int ComparePreRelease(string? left, string? right)
    {
        if (left is null || right is null)
            return (left is null).CompareTo(right is null);

        var lefts = left.Split('.');
        var rights = right.Split('.');
        for (var i = 0; i < Math.Min(lefts.Length, rights.Length); i++)
        {
            var order = CompareIdentifiers(lefts[i], rights[i]);
            if (order != 0)
                return order;
        }

        return lefts.Length.CompareTo(rights.Length);
    }

    private static int CompareIdentifiers(string left, string right)
    {
        var leftIsNumber = !left.AsSpan().ContainsAnyExceptInRange('0', '9');
        var rightIsNumber = !right.AsSpan().ContainsAnyExceptInRange('0', '9');
        if (leftIsNumber != rightIsNumber)
            return leftIsNumber ? -1 : 1;

        // Numbers have no leading zeros: the longer one is the larger one.
        if (leftIsNumber && left.Length != right.Length)
            return left.Length.CompareTo(right.Length);
        return Math.Sign(string.CompareOrdinal(left, right));
    }

    private static bool AreIdentifiers(ReadOnlySpan<char> text, bool numbersAreStrict)
    {
        foreach (var range in text.Split('.'))
        {
            var identifier = text[range];
            if (identifier.IsEmpty)
                return false;

            var isNumber = true;
            foreach (var c in identifier)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                    return false;
                isNumber &= char.IsAsciiDigit(c);
            }

            if (numbersAreStrict && isNumber && identifier.Length > 1 && identifier[0] == '0')
                return false;
        }

        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        return (text.Length == 1 || (text.Length > 1 && text[0] != '0'))
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
