using System.Globalization;
using System.Net;

namespace Firezone.Grains.Tests.Model;

/// <summary>A slow second opinion on whether the conditions of a policy are met. Shares no code with the product.</summary>
internal static class ReferenceConditions
{
    /// <summary>Who asks, from where.</summary>
    internal sealed record Subject(string? Region, string RemoteIp, Guid? AuthProviderId, bool Verified);

    /// <summary>Null: not met. Otherwise until when, <see cref="DateTimeOffset.MaxValue"/> if forever.</summary>
    public static DateTimeOffset? Until(IEnumerable<AccountRows.Condition> conditions, Subject subject, DateTimeOffset now)
    {
        var until = DateTimeOffset.MaxValue;
        foreach (var condition in conditions)
        {
            if (Until(condition, subject, now) is not { } end)
                return null;
            until = end < until ? end : until;
        }

        return until;
    }

    private static DateTimeOffset? Until(AccountRows.Condition condition, Subject subject, DateTimeOffset now)
    {
        var values = condition.Values;
        if (condition is { Property: "current_utc_datetime", Operator: "is_in_day_of_week_time_ranges" })
            return values.Max(value => EndOfWindow(value, now));
        var met = (condition.Property, condition.Operator) switch
        {
            ("remote_ip_location_region", "is_in") => subject.Region is not null && values.Contains(subject.Region),
            ("remote_ip_location_region", "is_not_in") => subject.Region is not null && !values.Contains(subject.Region),
            ("remote_ip", "is_in_cidr") => values.Any(value => Contains(value, subject.RemoteIp)),
            ("remote_ip", "is_not_in_cidr") => !values.Any(value => Contains(value, subject.RemoteIp)),
            ("auth_provider_id", "is_in") => subject.AuthProviderId is { } id && values.Contains(id.ToString()),
            ("auth_provider_id", "is_not_in") => subject.AuthProviderId is not { } id || !values.Contains(id.ToString()),
            ("client_verified", "is") => values is not ["true"] || subject.Verified,
            _ => throw new ArgumentException($"Unknown condition {condition}."),
        };
        return met ? DateTimeOffset.MaxValue : null;
    }

    private static bool Contains(string range, string ip)
    {
        var bits = range.Contains(':', StringComparison.Ordinal) ? "/128" : "/32";
        return IPNetwork.Parse(range.Contains('/', StringComparison.Ordinal) ? range : range + bits).Contains(IPAddress.Parse(ip));
    }

    /// <summary>Day, ranges and zone of a value; see the protocol's description of time conditions.</summary>
    private static DateTimeOffset? EndOfWindow(string value, DateTimeOffset now)
    {
        var parts = value.Split('/', 3);
        var local = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(parts[2]));
        if ("UMTWRFS"[(int)local.DayOfWeek] != parts[0][0])
            return null;
        List<(TimeSpan Start, TimeSpan End)> merged = [];
        foreach (var range in parts[1].Split(',').Select(Range).OrderBy(range => range.Start))
        {
            if (merged.Count > 0 && range.Start <= merged[^1].End)
                merged[^1] = (merged[^1].Start, range.End > merged[^1].End ? range.End : merged[^1].End);
            else
                merged.Add(range);
        }

        var time = local.TimeOfDay;
        var inside = merged.Where(range => range.Start <= time && time <= range.End).ToList();
        return inside.Count == 0 ? null : new DateTimeOffset(local.Date + inside[0].End, local.Offset);
    }

    private static (TimeSpan Start, TimeSpan End) Range(string text)
    {
        if (text == "true")
            return (TimeSpan.Zero, new TimeSpan(23, 59, 59));
        var ends = text.Split('-');
        return (Time(ends[0]), Time(ends[1]));

        static TimeSpan Time(string t) => TimeSpan.Parse(t.Contains(':', StringComparison.Ordinal) ? t : t + ":00", CultureInfo.InvariantCulture);
    }
}
