using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Firezone.Membership.Postgres.Signals;

/// <summary>
/// The payloads of NOTIFY: <c>1|v|version</c>, <c>1|h|silo|holds lock (0 or 1)|region</c>, <c>1|b|silo</c>, <c>1|d|silo|on (0 or 1)</c> and <c>1|q</c>. Each signal
/// has exactly one text, so that PostgreSQL can collapse equal ones, and any other text is refused.
/// </summary>
public static class SignalCodec
{
    /// <summary>Longest payload, in characters, all of them ASCII.</summary>
    public const int MaxLength = 256;

    internal const int MaxRegionLength = 64;

    private const string Version = "1|";
    private const string ProbePrefix = Version + "p|";

    /// <exception cref="ArgumentException">The signal holds a value that the format cannot carry.</exception>
    public static string Encode(Signal signal)
    {
        var payload = signal switch
        {
            Signal.TableChanged changed => string.Create(CultureInfo.InvariantCulture, $"1|v|{changed.Version}"),
            Signal.Heartbeat beat => $"1|h|{beat.Silo.Value}|{(beat.HoldsLock ? '1' : '0')}|{beat.Region}",
            Signal.Goodbye goodbye => $"1|b|{goodbye.Silo.Value}",
            Signal.Drains drains => $"1|d|{drains.Silo.Value}|{(drains.On ? '1' : '0')}",
            Signal.RollCall => "1|q",
            _ => throw new ArgumentException("Unknown kind of signal.", nameof(signal)),
        };
        if (!TryDecode(payload, out var decoded) || decoded != signal)
            throw new ArgumentException($"Signal {signal.GetType().Name} holds a value that cannot be sent.", nameof(signal));
        return payload;
    }

    /// <summary>Accepts exactly what <see cref="Encode"/> makes. Never throws, whatever the text.</summary>
    public static bool TryDecode(ReadOnlySpan<char> payload, [NotNullWhen(true)] out Signal? signal)
    {
        signal = null;
        if (payload.Length is < 3 or > MaxLength || !payload.StartsWith(Version, StringComparison.Ordinal))
            return false;
        var kind = payload[2];
        var rest = payload[3..];
        if (kind == 'q')
        {
            signal = rest.IsEmpty ? new Signal.RollCall() : null;
            return signal is not null;
        }

        if (rest.IsEmpty || rest[0] != '|')
            return false;
        rest = rest[1..];
        signal = kind switch
        {
            'v' => TableChanged(rest),
            'h' => Heartbeat(rest),
            'd' when rest is [.. var name, '|', '0' or '1'] && SiloId.TryParse(name, out var silo) => new Signal.Drains(silo, rest[^1] == '1'),
            'b' when SiloId.TryParse(rest, out var silo) => new Signal.Goodbye(silo),
            _ => null,
        };
        return signal is not null;
    }

    /// <summary>A text by which a session proves to itself that it hears. Everybody else ignores it.</summary>
    internal static string Probe(Guid nonce) => ProbePrefix + nonce.ToString("N");

    internal static bool IsProbe(ReadOnlySpan<char> payload) =>
        payload.Length <= MaxLength && payload.StartsWith(ProbePrefix, StringComparison.Ordinal);

    /// <summary>Label for a payload that <see cref="TryDecode"/> refused: a newer version in a rolling upgrade is no garbage.</summary>
    internal static string RefusalReason(ReadOnlySpan<char> payload)
    {
        if (payload.Length > MaxLength)
            return "too_long";
        var bar = payload.IndexOf('|');
        return bar is > 0 and < 4 && !payload[..bar].ContainsAnyExceptInRange('0', '9') && !payload.StartsWith(Version, StringComparison.Ordinal)
            ? "version"
            : "malformed";
    }

    private static Signal.TableChanged? TableChanged(ReadOnlySpan<char> text) =>
        (text.Length == 1 || text is [not '0', ..]) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new Signal.TableChanged(version)
            : null;

    private static Signal.Heartbeat? Heartbeat(ReadOnlySpan<char> text)
    {
        var bar = text.IndexOf('|');
        if (bar < 0 || !SiloId.TryParse(text[..bar], out var silo))
            return null;
        var rest = text[(bar + 1)..];
        return rest is ['0' or '1', '|', .. var region] && IsRegion(region)
            ? new Signal.Heartbeat(silo, rest[0] == '1', region.ToString())
            : null;
    }

    private static bool IsRegion(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxRegionLength)
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '/' or '-'))
                return false;
        }

        return true;
    }
}
