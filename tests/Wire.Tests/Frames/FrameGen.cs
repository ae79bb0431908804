using System.Text;
using CsCheck;

namespace Firezone.Wire.Tests.Frames;

/// <summary>Generators of frames and their parts as JSON text.</summary>
internal static class FrameGen
{
    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.ULong.Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.OneOf("-1", "0.5", "1e9", "-2.5E-3"));

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 20],
        Gen.String[Gen.OneOf('"', '\\', '/', '\n', '\u0001', 'é', '漢', ' ', '{', '}'), 0, 10]);

    /// <summary>A name of a topic or event that fits.</summary>
    internal static readonly Gen<string> Name = Gen.OneOf(
        Gen.OneOf("client", "gateway", "relay", "phoenix", "create_flow", "heartbeat", "flow_authorized", "phx_join"),
        Text.Where(t => t.Length <= 12));

    internal static readonly Gen<string> Ref = Gen.OneOf(Gen.Const(""), Number, Text.Where(t => t.Length <= 8).Select(Quote));

    /// <summary>Any JSON value of moderate depth.</summary>
    internal static readonly Gen<string> Value = Gen.Recursive<string>((depth, value) => depth >= 4
        ? Scalar()
        : Gen.Frequency(
            (3, Scalar()),
            (1, value.Array[0, 4].Select(items => $"[{string.Join(',', items)}]")),
            (1, Gen.Select(Text, value).Array[0, 4].Select(members => Object(members)))));

    internal static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static Gen<string> Scalar() => Gen.OneOf(Number, Text.Select(Quote), Gen.OneOf("null", "true", "false", "{}", "[]"));

    private static string Object((string Name, string Value)[] members)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in members)
            text.Append(text.Length > 1 ? "," : "").Append(Quote(name)).Append(':').Append(value);
        return text.Append('}').ToString();
    }
}
