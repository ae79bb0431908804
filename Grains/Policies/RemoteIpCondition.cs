namespace Firezone.Grains.Policies;

/// <summary><c>remote_ip</c> against address blocks.</summary>
internal sealed class RemoteIpCondition(string property, CidrBlock[] blocks, bool negated) : Condition(property)
{
    public override bool Passes(in EvaluationSubject subject, DateTimeOffset now, out DateTimeOffset? expiresAt)
    {
        expiresAt = null;
        var address = IpBits.Of(subject.RemoteIp);
        foreach (ref readonly var block in blocks.AsSpan())
        {
            if (block.Contains(address))
                return !negated;
        }

        return negated;
    }
}
