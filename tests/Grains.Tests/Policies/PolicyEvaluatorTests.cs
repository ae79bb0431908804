using CsCheck;
using Firezone.Grains.Policies;
using static Firezone.Grains.Tests.Policies.Conditions;

namespace Firezone.Grains.Tests.Policies;

public sealed class PolicyEvaluatorTests
{
    private const string Region = "remote_ip_location_region";
    private static readonly Guid Provider = Guid.Parse("5b0c1f0e-6c1b-4a53-9a0c-2f6f3d1a0001");
    private static readonly DateTimeOffset Now = Utc("2026-01-05T12:00:00");

    [Fact]
    public void No_conditions_pass_without_expiry()
    {
        Assert.Equal(new Evaluation(true, null), PolicyEvaluator.Evaluate(Compile(), Anyone, Now));
        Assert.Null(PolicyEvaluator.NextChange(CompiledConditions.None, Now));
        Assert.Empty(PolicyEvaluator.Violations(CompiledConditions.None, Anyone, Now));
    }

    [Theory]
    [InlineData("DE", "is_in", true)]
    [InlineData("DE", "is_not_in", false)]
    [InlineData("US", "is_in", false)]
    [InlineData("US", "is_not_in", true)]
    [InlineData("de", "is_in", false)]
    [InlineData(null, "is_in", false)]
    [InlineData(null, "is_not_in", false)]
    public void A_region_is_matched_exactly_and_an_unknown_one_fails_both_operators(string? region, string @operator, bool passes)
    {
        Assert.Equal(passes, Passes(Spec(Region, @operator, "FR", "DE"), Subject(region)));
    }

    [Theory]
    [InlineData("is_in", false)]
    [InlineData("is_not_in", true)]
    public void A_region_list_without_values_contains_nothing(string @operator, bool passes)
    {
        Assert.Equal(passes, Passes(Spec(Region, @operator), Subject("DE")));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("10.1.2.3", "10.9.9.9/8", true)]
    [InlineData("11.0.0.0", "10.0.0.0/8", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.4", "10.1.2.3", false)]
    [InlineData("203.0.113.7", "0.0.0.0/0", true)]
    [InlineData("203.0.113.7", "::/0", false)]
    [InlineData("2001:db8::1", "0.0.0.0/0", false)]
    [InlineData("2001:db8::1", "::/0", true)]
    [InlineData("2001:db8::1", "2001:DB8::/32", true)]
    [InlineData("2001:db9::1", "2001:db8::/32", false)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("2001:db8::2", "2001:db8::2/127", true)]
    [InlineData("2001:db8::3", "2001:db8::2/127", true)]
    [InlineData("2001:db8::4", "2001:db8::2/127", false)]
    [InlineData("::ffff:10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("::ffff:10.1.2.3", "::ffff:0:0/96", false)]
    public void An_address_is_in_a_block_of_its_own_family(string address, string block, bool inside)
    {
        var subject = Subject(remoteIp: address);
        Assert.Equal(inside, Passes(Spec("remote_ip", "is_in_cidr", block), subject));
        Assert.Equal(!inside, Passes(Spec("remote_ip", "is_not_in_cidr", block), subject));
        Assert.Equal(inside, Passes(Spec("remote_ip", "is_in_cidr", "198.51.100.0/24", block), subject));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0/0008")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData(" 10.0.0.1")]
    [InlineData("::/129")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%1")]
    [InlineData("example.com")]
    public void An_unreadable_block_fails_both_operators(string block)
    {
        Assert.False(Passes(Spec("remote_ip", "is_in_cidr", "203.0.113.7", block), Anyone));
        Assert.False(Passes(Spec("remote_ip", "is_not_in_cidr", block), Anyone));
    }

    [Fact]
    public void Blocks_agree_with_a_bit_by_bit_comparison()
    {
        var bits = Gen.Byte.Array[4].Select(Gen.Byte.Array[4], Gen.Int[0, 32], (network, noise, prefix) => (network, noise, prefix));
        bits.Sample(x =>
        {
            // Addresses that share a random number of leading bits with the network, so that both outcomes are frequent.
            var address = new byte[4];
            for (var i = 0; i < 32; i++)
            {
                var source = i < x.noise[3] % 33 ? x.network : x.noise;
                address[i / 8] |= (byte)(source[i / 8] & (0x80 >> (i % 8)));
            }

            var expected = Enumerable.Range(0, x.prefix).All(i => Bit(address, i) == Bit(x.network, i));
            var spec = Spec("remote_ip", "is_in_cidr", $"{string.Join('.', x.network)}/{x.prefix}");
            Assert.Equal(expected, Passes(spec, Subject(remoteIp: string.Join('.', address))));
        });

        static bool Bit(byte[] bytes, int index) => (bytes[index / 8] & (0x80 >> (index % 8))) != 0;
    }

    [Fact]
    public void A_token_without_a_provider_is_in_no_provider_list()
    {
        var listed = Subject(authProviderId: Provider);
        var other = Subject(authProviderId: Guid.NewGuid());
        var isIn = Spec("auth_provider_id", "is_in", Provider.ToString());
        var isNotIn = Spec("auth_provider_id", "is_not_in", Provider.ToString());

        Assert.True(Passes(isIn, listed));
        Assert.False(Passes(isIn, other));
        Assert.False(Passes(isIn, Anyone));
        Assert.False(Passes(isNotIn, listed));
        Assert.True(Passes(isNotIn, other));
        Assert.True(Passes(isNotIn, Anyone));
        Assert.False(Passes(Spec("auth_provider_id", "is_not_in", "not a uuid"), other));
    }

    [Fact]
    public void Only_the_value_true_demands_a_verified_client()
    {
        Assert.False(Passes(Spec("client_verified", "is", "true"), Anyone));
        Assert.True(Passes(Spec("client_verified", "is", "true"), Subject(verified: true)));
        Assert.True(Passes(Spec("client_verified", "is", "false"), Anyone));
        Assert.True(Passes(Spec("client_verified", "is", "false"), Subject(verified: true)));
        Assert.True(Passes(Spec("client_verified", "is"), Anyone));
    }

    [Theory]
    [InlineData("client_verified", "is_not")]
    [InlineData("remote_ip_location_region", "is")]
    [InlineData("remote_ip", "is_in")]
    [InlineData("auth_provider_id", "is_in_cidr")]
    [InlineData("current_utc_datetime", "is_in")]
    [InlineData("moon_phase", "is")]
    [InlineData("", "")]
    public void An_unknown_property_or_operator_fails(string property, string @operator)
    {
        Assert.False(Passes(Spec(property, @operator), Subject("DE", verified: true)));
    }

    [Fact]
    public void Violated_properties_come_once_and_in_condition_order()
    {
        var compiled = Compile(
            Spec("client_verified", "is", "true"),
            Spec(Region, "is_in", "DE"),
            Spec("remote_ip", "is_in_cidr", "0.0.0.0/0"),
            Spec("moon_phase", "is", "full"),
            Spec(Region, "is_in", "FR"),
            Spec("client_verified", "is", "true"));

        Assert.Equal(["client_verified", Region, "moon_phase"], PolicyEvaluator.Violations(compiled, Subject("US"), Now));
        Assert.Equal(["moon_phase", Region], PolicyEvaluator.Violations(compiled, Subject("DE", verified: true), Now));
        Assert.False(PolicyEvaluator.Evaluate(compiled, Subject("US"), Now).Conforms);
    }

    [Fact]
    public void The_earliest_end_of_all_conditions_counts_wherever_conditions_without_end_stand()
    {
        var longer = Spec("current_utc_datetime", "is_in_day_of_week_time_ranges", "M/10:00-17:00/UTC");
        var shorter = Spec("current_utc_datetime", "is_in_day_of_week_time_ranges", "M/11:00-13:00/UTC");
        var endless = Spec("remote_ip", "is_in_cidr", "0.0.0.0/0");

        foreach (var order in new[] { new[] { longer, endless, shorter }, [endless, shorter, longer], [shorter, longer, endless] })
        {
            var compiled = Compile(order);
            Assert.Equal(new Evaluation(true, Utc("2026-01-05T13:00:00")), PolicyEvaluator.Evaluate(compiled, Anyone, Now));
            Assert.Equal(Utc("2026-01-05T13:00:00").AddTicks(1), PolicyEvaluator.NextChange(compiled, Now));
        }
    }

    [Fact]
    public void Conditions_that_can_never_pass_never_change()
    {
        Assert.Null(PolicyEvaluator.NextChange(Times("M/10-12/UTC", "X/10-12/UTC"), Now));
        Assert.Null(PolicyEvaluator.NextChange(
            Compile(Spec("current_utc_datetime", "is_in_day_of_week_time_ranges", "M/10-13/UTC"), Spec("moon_phase", "is")), Now));
        Assert.Null(PolicyEvaluator.NextChange(Times("M//UTC"), Now));
        Assert.Null(PolicyEvaluator.NextChange(Times(), Now));
    }

    [Fact]
    public void An_evaluation_does_not_allocate()
    {
        var compiled = Compile(
            Spec(Region, "is_in", "US", "DE"),
            Spec("remote_ip", "is_not_in_cidr", "10.0.0.0/8", "2001:db8::/32"),
            Spec("auth_provider_id", "is_not_in", Provider.ToString()),
            Spec("client_verified", "is", "true"),
            Spec("current_utc_datetime", "is_in_day_of_week_time_ranges", "M/true/America/New_York", "M/8-20/Europe/Berlin"));
        var subject = Subject("DE", verified: true);
        Assert.True(PolicyEvaluator.Evaluate(compiled, subject, Now).Conforms);

        var least = long.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
                PolicyEvaluator.Evaluate(compiled, subject, Now.AddSeconds(i));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
