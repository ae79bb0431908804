using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sites;

namespace Firezone.Grains.Sites;

/// <inheritdoc cref="ISiteGrain" />
/// <remarks>In memory only: after the loss of its silo the gateways' grains announce themselves again.</remarks>
[KeepAlive]
public sealed class SiteGrain : Grain, ISiteGrain
{
    private readonly Dictionary<Guid, GatewayPresence> _gateways = [];
    private GatewayPresence[]? _list;

    /// <inheritdoc />
    public Task Announce(GatewayPresence gateway)
    {
        _gateways[gateway.GatewayId] = gateway;
        _list = null;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task Withdraw(Guid gatewayId, Guid sessionId)
    {
        if (_gateways.TryGetValue(gatewayId, out var known) && known.SessionId == sessionId)
        {
            _gateways.Remove(gatewayId);
            _list = null;
        }

        DeactivateIfEmpty();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<GatewayChoice> Choose(GatewayQuery query)
    {
        DeactivateIfEmpty();
        _list ??= [.. _gateways.Values];
        return Task.FromResult(GatewaySelector.Select(_list, query, Random.Shared));
    }

    /// <inheritdoc />
    public Task<GatewayPresence?> Find(Guid gatewayId)
    {
        DeactivateIfEmpty();
        return Task.FromResult(_gateways.GetValueOrDefault(gatewayId));
    }

    private void DeactivateIfEmpty()
    {
        if (_gateways.Count == 0)
            DeactivateOnIdle();
    }
}
