using System.Net;
using Firezone.Grains.Policies;

namespace Firezone.Grains.Tests.Policies;

/// <summary>Short ways to write conditions and subjects.</summary>
internal static class Conditions
{
    public static readonly EvaluationSubject Anyone = Subject();

    public static EvaluationSubject Subject(
        string? region = null, string remoteIp = "203.0.113.7", Guid? authProviderId = null, bool verified = false) =>
        new(region, IPAddress.Parse(remoteIp), authProviderId, verified);

    public static ConditionSpec Spec(string property, string @operator, params string[] values) => new(property, @operator, values);

    public static CompiledConditions Compile(params ConditionSpec[] specs) => PolicyConditions.Compile(specs);

    public static CompiledConditions Times(params string[] values) =>
        Compile(Spec("current_utc_datetime", "is_in_day_of_week_time_ranges", values));

    public static bool Passes(ConditionSpec spec, EvaluationSubject subject) =>
        PolicyEvaluator.Evaluate(Compile(spec), subject, DateTimeOffset.UnixEpoch).Conforms;

    public static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);
}
