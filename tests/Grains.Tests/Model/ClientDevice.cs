using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Tests.Cluster;

namespace Firezone.Grains.Tests.Model;

/// <summary>A client program on a machine, signed in as an actor.</summary>
internal sealed class ClientDevice(GrainCluster cluster, string name, string version)
{
    private readonly Lock _lock = new();

    public string Name { get; } = name;

    public string Version { get; } = version;

    /// <summary>Changes with the sign-in.</summary>
    public (Guid Id, Guid ActorId, string Text) Token { get; set; }

    public string Ip { get; set; } = "203.0.113.7";

    public string Serial { get; set; } = "C02X";

    /// <summary>All sockets of this device that anything is still expected of, the newest last.</summary>
    public ClientSession[] Sessions { get; private set; } = [];

    /// <summary>The open socket that the device uses.</summary>
    public ClientSession? Open => Sessions.LastOrDefault(session => session.End is null);

    /// <summary>Why the last connect was refused.</summary>
    public Refusal Refused { get; private set; }

    /// <summary>Forgets the sockets that are closed.</summary>
    public void BeginStep()
    {
        Refused = Refusal.None;
        Sessions = [.. Sessions.Where(session => session.End is null)];
    }

    public async Task ConnectAsync()
    {
        var attributes = new ClientAttributes(Name, Key(Name), Name, Version, Serial, null, null, null);
        var agent = $"Ubuntu/24.4.0 headless-client/{Version} (x86_64; 6.8.0)";
        var admission = await AdmitAsync(
            new(Token.Text, attributes, null, Ip, agent, new(Reference.RegionOf(Ip), null, null, null)));
        Refused = admission.Refusal;
        if (admission.Ticket is not { } ticket)
            return;
        var session = new ClientSession(cluster, Name, ticket);
        lock (_lock)
            Sessions = [.. Sessions.Append(session).OrderBy(s => (s.Ref.OpenedAt, s.Id))];

        await session.AttachAsync();
    }

    /// <summary>As front-ends do, asks again if there was no decision.</summary>
    private async Task<Admission<ClientTicket>> AdmitAsync(ConnectRequest<ClientAttributes> request)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await cluster.Client.GetGrain<IAdmissionGrain>(0).AdmitClient(request);
            }
            catch (Orleans.Runtime.OrleansException) when (attempt < 5)
            {
            }
        }
    }

    /// <summary>A public key of the device alone.</summary>
    public static string Key(string seed) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(seed)));
}
