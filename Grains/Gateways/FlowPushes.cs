using Firezone.Grains.Abstractions.Flows;
using Firezone.Wire.Frames;
using Firezone.Wire.Gateway;
using Firezone.Wire.Versions;

namespace Firezone.Grains.Gateways;

/// <summary>Renders the push that asks a gateway to install a flow: the current message or one of the two deprecated ones.</summary>
public static class FlowPushes
{
    /// <summary>Event and payload for the request.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="resource">UTF-8 JSON of the resource as gateways read it.</param>
    /// <param name="flow">With the keys.</param>
    /// <param name="flowRef">To be echoed.</param>
    public static (string Event, byte[] Payload) Render(FlowRequest request, byte[] resource, PendingFlow flow, string flowRef)
    {
        var client = request.Client;
        if (request.Legacy is { PresharedKey: { } presharedKey } connection)
        {
            return (Events.RequestConnection, GatewayMessages.RequestConnection(new LegacyRequestConnection(
                flowRef,
                resource,
                client.ClientId,
                connection.Payload,
                client.PublicKey,
                presharedKey,
                client.Ipv4,
                client.Ipv6,
                request.ExpiresAt)));
        }

        if (request.Legacy is { } reuse)
        {
            return (Events.AllowAccess, GatewayMessages.AllowAccess(new LegacyAllowAccess(
                flowRef, client.ClientId, resource, request.ExpiresAt, reuse.Payload, client.Ipv4, client.Ipv6)));
        }

        var os = UserAgent.Parse(client.UserAgent);
        return (Events.AuthorizeFlow, GatewayMessages.AuthorizeFlow(new AuthorizeFlow(
            flowRef,
            resource,
            new FlowClient(
                client.ClientId,
                client.PublicKey,
                flow.PresharedKey,
                client.Ipv4,
                client.Ipv6,
                os.ClientVersion,
                os.Name,
                os.Version,
                client.Hardware.DeviceSerial,
                client.Hardware.DeviceUuid,
                client.Hardware.IdentifierForVendor,
                client.Hardware.FirebaseInstallationId),
            new FlowSubject(client.AuthProviderId, client.ActorId, client.ActorEmail, client.ActorName),
            flow.Ice,
            request.ExpiresAt)));
    }
}
