using System.Globalization;
using Orleans.Runtime;

namespace Firezone.Membership.Postgres.Table;

/// <summary>The text in which Orleans' ADO.NET provider stores the votes against a silo: <c>address,time|address,time</c>.</summary>
internal static class SuspectTimesText
{
    /// <summary>Length of the column.</summary>
    public const int MaxLength = 8000;

    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff 'GMT'";

    /// <summary>The text for the column; the newest votes if not all fit. Null without votes.</summary>
    public static string? Format(IReadOnlyList<Tuple<SiloAddress, DateTime>>? votes, ClockShift shift)
    {
        if (votes is null or { Count: 0 })
            return null;
        var texts = votes.Select(vote => FormatVote(vote.Item1, vote.Item2, shift)).ToList();
        var length = texts.Sum(text => text.Length + 1) - 1;
        if (length <= MaxLength)
            return string.Join('|', texts);

        var kept = new HashSet<int>();
        var room = MaxLength + 1;
        foreach (var index in Enumerable.Range(0, votes.Count).OrderByDescending(i => votes[i].Item2))
        {
            room -= texts[index].Length + 1;
            if (room < 0)
                break;
            kept.Add(index);
        }
        return string.Join('|', texts.Where((_, index) => kept.Contains(index)));
    }

    /// <summary>One vote, as in the column.</summary>
    public static string FormatVote(SiloAddress by, DateTime time, ClockShift shift) =>
        $"{by.ToParsableString()},{shift.ToDatabase(time).ToString(TimeFormat, CultureInfo.InvariantCulture)}";

    /// <summary>The votes of a column. What is not a vote is left out: a garbled one must not hide the whole table.</summary>
    public static List<Tuple<SiloAddress, DateTime>>? Parse(string? text, ClockShift shift)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var votes = new List<Tuple<SiloAddress, DateTime>>();
        foreach (var part in text.Split('|'))
        {
            var comma = part.IndexOf(',', StringComparison.Ordinal);
            if (comma > 0
                && TryParseAddress(part[..comma], out var by)
                && DateTime.TryParseExact(part.AsSpan(comma + 1), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            {
                votes.Add(Tuple.Create(by, shift.ToLocal(time)));
            }
        }
        return votes.Count == 0 ? null : votes;
    }

    private static bool TryParseAddress(string text, out SiloAddress address)
    {
        try
        {
            address = SiloAddress.FromParsableString(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            address = null!;
            return false;
        }
    }
}
