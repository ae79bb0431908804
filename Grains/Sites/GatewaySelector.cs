using Firezone.Grains.Abstractions.Flows;
using Firezone.Grains.Abstractions.Sessions;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Geo;
using Firezone.Wire.Versions;

namespace Firezone.Grains.Sites;

/// <summary>Chooses the gateway for a flow among the online gateways of a site.</summary>
public static class GatewaySelector
{
    private const int LinearSearchLimit = 8;

    /// <summary>
    /// <para>Only gateways of the client's account count, and only those whose version fits both the client and the resource; if the
    /// client is connected to any of these, only such ones.</para>
    /// <para>A client without a location gets any of them. Otherwise the nearest place (exactly equal coordinates; a gateway without a
    /// location is farthest) counts, in it the highest version, and of several such gateways any.</para>
    /// </summary>
    /// <remarks>Looks at each candidate once. A version that is no version, also the client's, is incompatible.</remarks>
    public static GatewayChoice Select(IReadOnlyList<GatewayPresence> online, GatewayQuery query, Random random)
    {
        ArgumentNullException.ThrowIfNull(online);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(random);
        var requirement = new Requirement(query);
        var connectedIds = new ConnectedIds(query.ConnectedGatewayIds);
        var best = new Best(query.ClientLocation, random);
        var anyOnline = false;
        var anyConnected = false;
        for (var i = 0; i < online.Count; i++)
        {
            var gateway = online[i];
            if (gateway.AccountId != query.AccountId)
                continue;

            anyOnline = true;
            if (!requirement.IsMet(gateway, out var version))
                continue;

            var connected = connectedIds.Contains(gateway.GatewayId);
            if (connected && !anyConnected)
            {
                anyConnected = true;
                best.Clear();
            }

            if (connected == anyConnected)
                best.Consider(gateway, version);
        }

        if (best.Gateway is not null)
            return new GatewayChoice(best.Gateway, null);
        return new GatewayChoice(null, anyOnline ? FlowFailure.VersionMismatch : FlowFailure.Offline);
    }

    private readonly struct Requirement
    {
        private readonly bool _canBeMet;
        private readonly ComponentVersion _client;
        private readonly ComponentVersion? _minimum;

        public Requirement(GatewayQuery query)
        {
            _canBeMet = ComponentVersion.TryParse(query.ClientVersion, out _client);
            if (query.MinimumGatewayVersion is null)
                return;

            _canBeMet &= ComponentVersion.TryParse(query.MinimumGatewayVersion, out var minimum);
            _minimum = minimum;
        }

        public bool IsMet(GatewayPresence gateway, out ComponentVersion version)
        {
            version = default;
            return _canBeMet
                && ComponentVersion.TryParse(gateway.Version, out version)
                && (_minimum is not { } minimum || version >= minimum)
                && Compatibility.IsCompatible(_client, version);
        }
    }

    private readonly struct ConnectedIds(Guid[] ids)
    {
        // A site with many gateways and a client that lists many of them must not cost their product.
        private readonly HashSet<Guid>? _set = ids.Length > LinearSearchLimit ? [.. ids] : null;

        public bool Contains(Guid id) => _set?.Contains(id) ?? Array.IndexOf(ids, id) >= 0;
    }

    private struct Best(Location client, Random random)
    {
        private readonly bool _clientIsLocated = GreatCircle.HasCoordinates(client);
        private double _distance;
        private ComponentVersion _version;
        private int _equals;

        public GatewayPresence? Gateway { get; private set; }

        public void Clear() => Gateway = null;

        public void Consider(GatewayPresence gateway, ComponentVersion version)
        {
            var distance = _clientIsLocated ? GreatCircle.Between(client, gateway.Location) ?? double.PositiveInfinity : 0;
            var order = Gateway is null ? -1 : Compare(gateway, distance, version);
            if (order > 0)
                return;

            // Each of n equals must be kept with the same chance: the n-th replaces the one before with chance 1/n.
            _equals = order < 0 ? 1 : _equals + 1;
            if (order == 0 && random.Next(_equals) != 0)
                return;

            (Gateway, _distance, _version) = (gateway, distance, version);
        }

        // Negative: better than the one held.
        private readonly int Compare(GatewayPresence gateway, double distance, ComponentVersion version)
        {
            if (!_clientIsLocated)
                return 0;
            if (distance != _distance)
                return distance.CompareTo(_distance);

            // Two places may be equally far; the first one stays, so that versions are compared within one place only.
            return IsSamePlace(gateway.Location, Gateway!.Location) ? _version.CompareTo(version) : 1;
        }

        private static bool IsSamePlace(Location a, Location b)
        {
            var located = GreatCircle.HasCoordinates(a);
            return located == GreatCircle.HasCoordinates(b)
                && (!located || (a.Latitude == b.Latitude && a.Longitude == b.Longitude));
        }
    }
}
