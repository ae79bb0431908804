using System.Text.Json;

namespace Firezone.Edge.Simulation;

/// <summary>Payloads that only devices send.</summary>
internal static class DeviceMessages
{
    public static byte[] CreateFlow(Guid resourceId, IReadOnlyList<Guid> connectedGateways) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["resource_id"] = resourceId,
            ["connected_gateway_ids"] = connectedGateways,
        });

    public static byte[] FlowAuthorized(string flowRef) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["ref"] = flowRef });
}
