namespace Firezone.Grains.Abstractions.Admission;

/// <summary>
/// Decides whether a connect may be upgraded: token, limits, attributes, in this order. A stateless worker: it runs on the silo that
/// receives the call, reads that silo's database, and holds nothing between calls.
/// </summary>
/// <remarks>A database that does not answer surfaces as an exception; the front-end answers 503, never 401.</remarks>
[Alias("fz.IAdmissionGrain")]
public interface IAdmissionGrain : IGrainWithIntegerKey
{
    /// <summary>Admits a client; creates its row and tunnel addresses on the first connect.</summary>
    [Alias("AdmitClient")]
    Task<Admission<ClientTicket>> AdmitClient(ConnectRequest<ClientAttributes> request);

    /// <summary>Admits a gateway; creates its row and tunnel addresses on the first connect.</summary>
    [Alias("AdmitGateway")]
    Task<Admission<GatewayTicket>> AdmitGateway(ConnectRequest<GatewayAttributes> request);

    /// <summary>Admits a relay. Relays have no row.</summary>
    [Alias("AdmitRelay")]
    Task<Admission<RelayTicket>> AdmitRelay(ConnectRequest<RelayAttributes> request);
}
