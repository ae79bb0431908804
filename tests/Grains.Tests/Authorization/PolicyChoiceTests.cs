using CsCheck;
using Firezone.Grains.Authorization;
using Firezone.Grains.Policies;
using static Firezone.Grains.Tests.Policies.Conditions;

namespace Firezone.Grains.Tests.Authorization;

public sealed class PolicyChoiceTests
{
    private static readonly DateTimeOffset Now = Utc("2026-01-05T12:00:00");
    private static readonly DateTimeOffset TokenEnd = Utc("2026-03-01T00:00:00");

    [Fact]
    public void The_policy_that_lasts_longest_is_chosen()
    {
        var decision = Choose(Policy(1, Until("13:00")), Policy(2, Until("15:00")), Policy(3, Until("14:00")));
        Assert.Equal(Id(2), decision.Policy!.Value.PolicyId);
        Assert.Equal(Utc("2026-01-05T15:00:00"), decision.ExpiresAt);
        Assert.Empty(decision.ViolatedProperties);
    }

    [Fact]
    public void A_policy_without_expiry_outlasts_all_and_ends_with_the_token()
    {
        var decision = Choose(Policy(1, Until("13:00")), Policy(2), Policy(3, Until("15:00")));
        Assert.Equal(Id(2), decision.Policy!.Value.PolicyId);
        Assert.Equal(TokenEnd, decision.ExpiresAt);
    }

    [Fact]
    public void An_earlier_token_end_limits_the_authorization()
    {
        var token = Utc("2026-01-05T12:30:00");
        var decision = PolicyChoice.Choose([Policy(1, Until("13:00"))], Anyone, Now, token);
        Assert.Equal(token, decision.ExpiresAt);
    }

    [Fact]
    public void The_first_of_equals_is_chosen()
    {
        Assert.Equal(Id(1), Choose(Policy(1), Policy(2)).Policy!.Value.PolicyId);
        Assert.Equal(Id(2), Choose(Policy(2, Until("13:00")), Policy(1, Until("13:00"))).Policy!.Value.PolicyId);
    }

    [Fact]
    public void Without_a_conforming_policy_the_violations_of_all_are_listed_once()
    {
        var verified = Spec("client_verified", "is", "true");
        var region = Spec("remote_ip_location_region", "is_in", "DE");
        var time = Until("11:00");
        var decision = Choose(Policy(1, region, verified), Policy(2, time, region), Policy(3, verified));
        Assert.Null(decision.Policy);
        Assert.Equal(["remote_ip_location_region", "client_verified", "current_utc_datetime"], decision.ViolatedProperties);
    }

    [Fact]
    public void Without_any_policy_nothing_is_granted()
    {
        var decision = Choose();
        Assert.Null(decision.Policy);
        Assert.Empty(decision.ViolatedProperties);
    }

    [Fact]
    public void Choices_agree_with_sorting_all_evaluations()
    {
        // Hours 10 and 11 are over, 24 stands for no expiry.
        Gen.Select(Gen.Int[10, 24].Array[0, 6], Gen.Int[12, 24]).Sample((ends, token) =>
        {
            var policies = ends.Select((hour, i) => hour == 24 ? Policy(i) : Policy(i, Until($"{hour}:30"))).ToArray();
            var tokenEnd = Utc("2026-01-05T00:00:00").AddHours(token).AddMinutes(15);
            var decision = PolicyChoice.Choose(policies, Anyone, Now, tokenEnd);
            var best = ends.Select((hour, i) => (hour, i)).Where(x => x.hour >= 12).OrderBy(x => -x.hour).ThenBy(x => x.i).ToList();
            if (best.Count == 0)
            {
                Assert.Null(decision.Policy);
                Assert.Equal(ends.Length == 0 ? [] : ["current_utc_datetime"], decision.ViolatedProperties);
                return;
            }

            var policyEnd = best[0].hour == 24 ? DateTimeOffset.MaxValue : Utc("2026-01-05T00:30:00").AddHours(best[0].hour);
            Assert.Equal(Id(best[0].i), decision.Policy!.Value.PolicyId);
            Assert.Equal(policyEnd < tokenEnd ? policyEnd : tokenEnd, decision.ExpiresAt);
        });
    }

    private static PolicyDecision Choose(params PolicyCandidate[] policies) => PolicyChoice.Choose(policies, Anyone, Now, TokenEnd);

    private static PolicyCandidate Policy(int number, params ConditionSpec[] conditions) =>
        new(Id(number), Guid.Empty, null, PolicyConditions.Compile(conditions), 1);

    private static ConditionSpec Until(string time) =>
        Spec("current_utc_datetime", "is_in_day_of_week_time_ranges", $"M/10:00-{time}/UTC");

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
