using System.Collections.Concurrent;
using System.Globalization;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Sessions;
using Orleans;

namespace Firezone.Changes.Bench;

/// <summary>
/// Clients without sockets: their sessions are attached by the calls that a front-end makes, with tickets as an admission writes them.
/// </summary>
internal sealed class Fleet(IClusterClient cluster, PushLog pushes, IFrontEndObserver reference)
{
    private const string RemoteIp = "203.0.113.7";
    private static readonly Location Frankfurt = new("DE", "Frankfurt", 50.1, 8.7);

    /// <summary>A policy's condition that all clients satisfy, in another form for each length of the prefix up to 16.</summary>
    public static string Condition(int prefix) => string.Create(
        CultureInfo.InvariantCulture, $$"""[{"property": "remote_ip", "operator": "is_in_cidr", "values": ["203.0.0.0/{{prefix}}"]}]""");

    public async Task<Connected[]> ConnectAsync(Guid account, long version, IReadOnlyCollection<Device> devices)
    {
        var connected = new ConcurrentBag<Connected>();
        await Parallel.ForEachAsync(
            devices,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (device, _) => connected.Add(await ConnectAsync(account, version, device)));
        return [.. connected];
    }

    public Task DisconnectAsync(Connected client) => Grain(client.Device).Detach(client.SessionId);

    private async Task<Connected> ConnectAsync(Guid account, long version, Device device)
    {
        var now = TimeProvider.System.GetUtcNow();
        var session = new SessionRef(Guid.NewGuid(), pushes.Id, reference, now);
        var ticket = new ClientTicket(
            account,
            device.ClientId,
            device.ActorId,
            ActorKind.AccountUser,
            "Ada",
            $"{device.ActorId}@example.com",
            device.TokenId,
            now.AddDays(30),
            null,
            Convert.ToBase64String(Bytes(device.ClientId, device.TokenId)),
            Bytes(device.ActorId, device.TokenId),
            "100.64.0.1",
            "fd00:2021:1111::1",
            "Ubuntu/24.4.0 headless-client/1.5.7 (x86_64; 6.8.0)",
            "1.5.7",
            new HardwareIds(device.ClientId.ToString(), null, null, null),
            false,
            RemoteIp,
            Frankfurt,
            now,
            version);
        var attached = await Grain(device).Attach(session, ticket, null);
        return attached.Status is AttachStatus.Attached
            ? new Connected(device, session.SessionId, attached.Silo)
            : throw new InvalidOperationException($"A client was not attached: {attached.Status}.");
    }

    private static byte[] Bytes(Guid a, Guid b) => [.. a.ToByteArray(), .. b.ToByteArray()];

    private IClientGrain Grain(Device device) => cluster.GetGrain<IClientGrain>(device.ClientId);
}
