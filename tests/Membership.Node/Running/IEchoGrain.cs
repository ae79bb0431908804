namespace Firezone.Membership.Node.Running;

/// <summary>Answers what it is asked: a call that may be repeated.</summary>
[Alias("membership-node.echo")]
public interface IEchoGrain : IGrainWithIntegerKey
{
    [Alias("echo")]
    Task<long> EchoAsync(long value);
}
