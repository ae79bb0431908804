using Orleans.Placement;

namespace Firezone.Membership.Node.Running;

/// <summary>Placed at random, so that the activations spread over all silos.</summary>
[RandomPlacement]
public sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<long> EchoAsync(long value) => Task.FromResult(value);
}
