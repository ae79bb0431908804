using System.Net;
using Firezone.Admin.Policies;
using Firezone.Admin.Problems;
using Firezone.Admin.Validation;
using Firezone.Grains.Policies;

namespace Firezone.Admin.Tests.Validation;

public sealed class ConditionRulesTests
{
    private static readonly (string Property, string[] Operators, string[] Good, string[] Bad)[] Kinds =
    [
        ("remote_ip_location_region", ["is_in", "is_not_in"], ["DE", "US"], ["de", "DEU", "", "D1"]),
        ("remote_ip", ["is_in_cidr", "is_not_in_cidr"], ["10.0.0.0/8", "10.1.2.3", "fd00::/8", "::1", "10.1.2.3/8"], ["10", "10.0.0.0/33", "x", "", "[::1]", "010.0.0.1"]),
        ("auth_provider_id", ["is_in", "is_not_in"], ["0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001"], ["", "x", "0b0c1f0e6c1b4a539a0c2f6f3d1a0001"]),
        ("client_verified", ["is"], ["true", "false"], ["yes", "", "True"]),
        (
            "current_utc_datetime",
            ["is_in_day_of_week_time_ranges"],
            ["M/08:00-17:00,22:00:00-23:59:59/America/Merida", "U/true/UTC", "T/8-9/Europe/Berlin", "S/0-23/Etc/GMT+1"],
            ["M/08:00-17:00", "X/true/UTC", "M/17-08/UTC", "M/true/Mars/Base", "M//UTC", "M/24-25/UTC", "M/8:60-9/UTC", "M/8-9-10/UTC", "m/true/UTC", "M/true/../UTC", "M/true/utc"]),
    ];

    private static readonly string[] Operators = ["is_in", "is_not_in", "is_in_cidr", "is_not_in_cidr", "is", "is_in_day_of_week_time_ranges", "like", ""];

    [Fact]
    public void A_condition_is_taken_exactly_if_operator_and_values_fit_the_property()
    {
        foreach (var (property, operators, good, bad) in Kinds)
        {
            foreach (var op in Operators)
            {
                foreach (var value in good.Concat(bad))
                    Assert.Equal((property, op, value, operators.Contains(op) && good.Contains(value)), (property, op, value, IsTaken(property, op, value)));
            }
        }
    }

    // A condition that cannot be evaluated fails for everybody; one that is taken must hold for somebody at some time.
    [Fact]
    public void What_is_taken_can_be_evaluated()
    {
        EvaluationSubject[] subjects =
        [
            new("DE", IPAddress.Parse("10.1.2.3"), Guid.Parse("0b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001"), true),
            new("US", IPAddress.Parse("::1"), null, true),
            new("FR", IPAddress.Parse("fd00::1"), null, true),
            new("FR", IPAddress.Parse("192.0.2.1"), null, true),
        ];
        var hours = Enumerable.Range(0, 24 * 7).Select(h => new DateTimeOffset(2026, 1, 5, 0, 30, 0, TimeSpan.Zero).AddHours(h)).ToArray();
        foreach (var (property, operators, good, _) in Kinds)
        {
            foreach (var op in operators)
            {
                foreach (var value in good)
                {
                    var compiled = PolicyConditions.Compile([new ConditionSpec(property, op, [value])]);
                    Assert.True(
                        subjects.Any(s => hours.Any(h => PolicyEvaluator.Evaluate(compiled, s, h).Conforms)), $"{property} {op} {value} never holds");
                }
            }
        }
    }

    [Fact]
    public void Each_wrong_value_is_named()
    {
        var findings = new Findings();
        ConditionRules.Check([new() { Property = "remote_ip", Operator = "is_in_cidr", Values = ["10.0.0.0/8", "x"] }, new() { Property = "x" }], findings);
        var problem = Assert.Throws<ProblemException>(findings.Demand).Problem;
        Assert.Equal(["conditions[0].values[1]", "conditions[1].property"], problem.Errors!.Keys);
    }

    private static bool IsTaken(string property, string op, string value)
    {
        var findings = new Findings();
        ConditionRules.Check([new PolicyCondition { Property = property, Operator = op, Values = [value] }], findings);
        try
        {
            findings.Demand();
            return true;
        }
        catch (ProblemException)
        {
            return false;
        }
    }
}
