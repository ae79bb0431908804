using Firezone.Grains.Abstractions.Admission;
using Firezone.Storage.Postgres.Availability;
using Firezone.Storage.Postgres.Connecting;

namespace Firezone.Grains.Admission;

/// <inheritdoc cref="IAdmissionGrain" />
/// <remarks>
/// Holds nothing, so calls interleave: one that waits for the database keeps nobody else waiting. All pass the silo's gate to the database.
/// A front-end in the same process calls it as the plain object that it is.
/// </remarks>
[StatelessWorker, Reentrant]
public sealed class AdmissionGrain(ConnectGate gate, ClientConnects clients, GatewayConnects gateways, RelayConnects relays) : IAdmissionGrain
{
    /// <inheritdoc />
    public Task<Admission<ClientTicket>> AdmitClient(ConnectRequest<ClientAttributes> request) => AdmitAsync(request, AdmitClientAsync);

    /// <inheritdoc />
    public Task<Admission<GatewayTicket>> AdmitGateway(ConnectRequest<GatewayAttributes> request) => AdmitAsync(request, AdmitGatewayAsync);

    /// <inheritdoc />
    public Task<Admission<RelayTicket>> AdmitRelay(ConnectRequest<RelayAttributes> request) => AdmitAsync(request, AdmitRelayAsync);

    private async Task<Admission<TTicket>> AdmitAsync<TRequest, TTicket>(
        TRequest request, Func<TRequest, CancellationToken, Task<Admission<TTicket>>> admit)
        where TTicket : class
    {
        try
        {
            return await gate.RunAsync(ct => admit(request, ct));
        }
        catch (ConnectUnavailableException e)
        {
            return Admission<TTicket>.Refused(e.IsBusy ? Refusal.Overloaded : Refusal.Unavailable);
        }
    }

    private async Task<Admission<ClientTicket>> AdmitClientAsync(ConnectRequest<ClientAttributes> request, CancellationToken ct)
    {
        var a = request.Attributes;
        var device = a is null
            ? null
            : new ClientDevice(
                a.ExternalId, a.PublicKey, a.Name, a.Version, a.DeviceSerial, a.DeviceUuid, a.IdentifierForVendor, a.FirebaseInstallationId);
        var outcome = await clients.ConnectAsync(request.Token, device, Origin(request), ct);
        if (outcome.Record is not { } client || a is null)
            return Refused<ClientTicket>(outcome.Status, request.InvalidAttributes);
        return Admission<ClientTicket>.Admitted(new ClientTicket(
            client.AccountId,
            client.ClientId,
            client.ActorId,
            client.ActorType switch
            {
                "service_account" => ActorKind.ServiceAccount,
                "account_admin_user" => ActorKind.AccountAdminUser,
                _ => ActorKind.AccountUser,
            },
            client.ActorName,
            client.ActorEmail,
            client.TokenId,
            client.TokenExpiresAt,
            client.AuthProviderId,
            a.PublicKey,
            client.PskBase,
            client.Ipv4,
            client.Ipv6,
            request.UserAgent,
            a.Version,
            new HardwareIds(a.DeviceSerial, a.DeviceUuid, a.IdentifierForVendor, a.FirebaseInstallationId),
            client.Verified,
            request.RemoteIp,
            request.Location,
            client.Now,
            client.AccountVersion));
    }

    private async Task<Admission<GatewayTicket>> AdmitGatewayAsync(ConnectRequest<GatewayAttributes> request, CancellationToken ct)
    {
        var a = request.Attributes;
        var device = a is null ? null : new GatewayDevice(a.ExternalId, a.PublicKey, a.Name, a.Version);
        var outcome = await gateways.ConnectAsync(request.Token, device, Origin(request), ct);
        if (outcome.Record is not { } gateway || a is null)
            return Refused<GatewayTicket>(outcome.Status, request.InvalidAttributes);
        return Admission<GatewayTicket>.Admitted(new GatewayTicket(
            gateway.AccountId,
            gateway.SiteId,
            gateway.GatewayId,
            gateway.TokenId,
            a.PublicKey,
            gateway.PskBase,
            gateway.Ipv4,
            gateway.Ipv6,
            request.UserAgent,
            a.Version,
            request.RemoteIp,
            request.Location,
            gateway.Now,
            gateway.AccountVersion));
    }

    private async Task<Admission<RelayTicket>> AdmitRelayAsync(ConnectRequest<RelayAttributes> request, CancellationToken ct)
    {
        var outcome = await relays.ConnectAsync(request.Token, ct);
        if (outcome.Record is not { } relay)
            return Refused<RelayTicket>(outcome.Status, request.InvalidAttributes);
        return request.Attributes is { } attributes
            ? Admission<RelayTicket>.Admitted(new RelayTicket(relay.TokenId, attributes, request.RemoteIp, request.Location, relay.Now))
            : Admission<RelayTicket>.Refused(Refusal.InternalError, request.InvalidAttributes);
    }

    private static ConnectOrigin Origin<T>(ConnectRequest<T> request)
        where T : class => new(
        request.RemoteIp,
        request.UserAgent,
        request.Location.Region,
        request.Location.City,
        request.Location.Latitude,
        request.Location.Longitude);

    private static Admission<T> Refused<T>(ConnectStatus status, string? invalidAttributes)
        where T : class => status switch
        {
            ConnectStatus.LimitsExceeded => Admission<T>.Refused(Refusal.LimitsExceeded),
            ConnectStatus.InvalidAttributes => Admission<T>.Refused(Refusal.InvalidConnectParams, invalidAttributes),
            ConnectStatus.PublicKeyTaken => Admission<T>.Refused(Refusal.InvalidConnectParams, "Another device already uses this public key."),
            ConnectStatus.SiteGone => Admission<T>.Refused(Refusal.InternalError, "The site of this gateway token no longer exists."),
            _ => Admission<T>.Refused(Refusal.InvalidToken),
        };
}
