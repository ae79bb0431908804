using Firezone.Storage.Postgres.Accounts;

namespace Firezone.EndToEnd.Scenes;

/// <summary>Conditions of policies.</summary>
internal static class Conditions
{
    public static ConditionRow Region(params string[] values) => new("remote_ip_location_region", "is_in", values);

    public static ConditionRow Address(params string[] values) => new("remote_ip", "is_in_cidr", values);

    public static ConditionRow Provider(params Guid[] values) => new("auth_provider_id", "is_in", [.. values.Select(v => v.ToString())]);

    public static ConditionRow Verified { get; } = new("client_verified", "is", ["true"]);

    public static ConditionRow Times(params string[] values) => new("current_utc_datetime", "is_in_day_of_week_time_ranges", values);

    /// <summary>The same with the operator turned round.</summary>
    public static ConditionRow Not(ConditionRow condition) =>
        condition with { Operator = condition.Operator.Replace("is_in", "is_not_in", StringComparison.Ordinal) };
}
