using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Firezone.Membership.Postgres.Clients;

/// <summary>To which Orleans gateways this client has a connection at present. Safe for use from any thread.</summary>
internal sealed class OpenGateways
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EndPoint, int> _open = [];

    internal bool Contains(IPEndPoint gateway)
    {
        lock (_gate)
            return _open.ContainsKey(gateway);
    }

    /// <summary>Part of the way of every outgoing connection of the client.</summary>
    internal ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        var gateway = connection.RemoteEndPoint;
        Add(gateway, 1);
        try
        {
            await next(connection);
        }
        finally
        {
            Add(gateway, -1);
        }
    };

    private void Add(EndPoint? gateway, int change)
    {
        if (gateway is null)
            return;
        lock (_gate)
        {
            var count = _open.GetValueOrDefault(gateway) + change;
            if (count > 0)
                _open[gateway] = count;
            else
                _open.Remove(gateway);
        }
    }
}
