using System.Buffers.Text;
using System.Text;

namespace Firezone.Bench.Load;

/// <summary>An upgrade that was answered with something else than 101.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The problem document's code; empty if there is none.</param>
/// <param name="RetryAfter">When to come again; null if the answer does not say so.</param>
internal readonly record struct Refusal(int Status, string Code, TimeSpan? RetryAfter)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>True if the answer is there with its whole body.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        return end >= 0 && answer.Length - end - 4 >= (Number(answer[..end], "Content-Length") ?? 0);
    }

    public static Refusal Read(ReadOnlySpan<byte> answer)
    {
        var status = answer.StartsWith("HTTP/1.1 "u8) && Utf8Parser.TryParse(answer[9..], out int number, out _) ? number : 0;
        var end = answer.IndexOf("\r\n\r\n"u8);
        var head = end < 0 ? answer : answer[..end];
        TimeSpan? pause = Number(head, "Retry-After") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return new Refusal(status, Messages.Text(answer[head.Length..], "\"code\":\""u8), pause > LongestPause ? LongestPause : pause);
    }

    public override string ToString() => Status == 0 ? "no HTTP answer" : Code.Length == 0 ? $"{Status}" : $"{Status} {Code}";

    private static int? Number(ReadOnlySpan<byte> head, string name)
    {
        foreach (var line in Encoding.ASCII.GetString(head).Split("\r\n"))
        {
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase) && int.TryParse(line[(name.Length + 1)..], out var number))
                return Math.Max(0, number);
        }

        return null;
    }
}
