using Firezone.Admin.Validation;

namespace Firezone.Admin.Policies;

/// <summary>
/// Which conditions are taken. Stricter than the evaluation, which makes a condition that it does not understand fail: nobody should find out
/// in that way.
/// </summary>
internal static class ConditionRules
{
    /// <summary>How many conditions a policy may have.</summary>
    public const int MaxConditions = 20;

    private const int MaxValues = 100;
    private const int LongestValue = 512;

    /// <summary>Judges conditions.</summary>
    public static void Check(IReadOnlyList<PolicyCondition> conditions, Findings findings)
    {
        if (conditions.Count > MaxConditions)
            findings.Add("conditions", $"at most {MaxConditions}");
        for (var i = 0; i < Math.Min(conditions.Count, MaxConditions); i++)
            Check(conditions[i], $"conditions[{i}]", findings);
    }

    private static void Check(PolicyCondition? condition, string member, Findings findings)
    {
        if (Rule(condition?.Property) is not var (operators, check))
        {
            findings.Add($"{member}.property", "is not known");
            return;
        }

        if (!operators.Contains(condition!.Operator))
            findings.Add($"{member}.operator", $"must be {string.Join(" or ", operators)} for {condition.Property}");
        var values = condition.Values ?? [];
        if (values.Length == 0)
            findings.Add($"{member}.values", "must have a value");
        var most = condition.Property == "client_verified" ? 1 : MaxValues;
        if (values.Length > most)
            findings.Add($"{member}.values", $"at most {most}");
        for (var i = 0; i < Math.Min(values.Length, most); i++)
        {
            var error = values[i] is not { Length: <= LongestValue } value ? $"must be a text of at most {LongestValue} characters" : check(value);
            findings.AddIf($"{member}.values[{i}]", error);
        }
    }

    private static (string[] Operators, Func<string, string?> Check)? Rule(string? property) => property switch
    {
        "remote_ip_location_region" => (["is_in", "is_not_in"], Region),
        "remote_ip" => (["is_in_cidr", "is_not_in_cidr"], Range),
        "auth_provider_id" => (["is_in", "is_not_in"], Id),
        "client_verified" => (["is"], Flag),
        "current_utc_datetime" => (["is_in_day_of_week_time_ranges"], TimeRangeRules.Check),
        _ => null,
    };

    private static string? Region(string value) =>
        value.Length == 2 && char.IsAsciiLetterUpper(value[0]) && char.IsAsciiLetterUpper(value[1]) ? null : "must be a country code such as DE";

    private static string? Range(string value) =>
        IpText.TryParse(value, out _) || IpText.TryParseNetwork(value, out _) ? null : "must be an IP address or a range such as 10.0.0.0/8";

    private static string? Id(string value) => Guid.TryParseExact(value, "D", out _) ? null : "must be a UUID";

    private static string? Flag(string value) => value is "true" or "false" ? null : "must be true or false";
}
