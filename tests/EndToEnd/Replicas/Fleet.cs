using System.Collections.Concurrent;
using System.Diagnostics;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared.Peers;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Provisioning;
using Npgsql;

namespace Firezone.EndToEnd.Replicas;

/// <summary>An account with many clients, each with a token of its own, with resources that all of them may reach, and with a gateway.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const int TokensPerActor = 100;
    private const int AtOnce = 32;

    private readonly Portal _portal;
    private readonly Database _database;
    private Connect _gateway = null!;

    private Fleet(Portal portal)
    {
        _portal = portal;
        _database = new Database(portal.ConnectionString);
    }

    public Guid Account { get; private set; }

    public Guid[] Resources { get; private set; } = [];

    public FleetDevice[] Devices { get; private set; } = [];

    /// <summary>Makes the account, in which every client has been before; nobody is connected.</summary>
    public static async Task<Fleet> CreateAsync(Portal portal, int devices, int resources)
    {
        var fleet = new Fleet(portal);
        var provisioner = new Provisioner(fleet._database);
        fleet.Account = await provisioner.CreateAccountAsync($"f{Guid.NewGuid():N}"[..16], "Fleet");
        var group = await provisioner.CreateGroupAsync(fleet.Account, "All");
        var site = await provisioner.CreateSiteAsync(fleet.Account, "Frankfurt");
        fleet.Resources = new Guid[resources];
        for (var i = 0; i < resources; i++)
        {
            fleet.Resources[i] = await provisioner.CreateResourceAsync(fleet.Account, site, "cidr", $"Net {i}", $"10.{i}.0.0/16");
            await provisioner.CreatePolicyAsync(group, fleet.Resources[i]);
        }

        var actors = new Guid[(devices + TokensPerActor - 1) / TokensPerActor];
        for (var i = 0; i < actors.Length; i++)
        {
            actors[i] = await provisioner.CreateActorAsync(fleet.Account, "service_account", $"Robot {i}");
            await provisioner.AddMemberAsync(group, actors[i]);
        }

        var expiry = TimeProvider.System.GetUtcNow().AddDays(1);
        var made = new FleetDevice[devices];
        await Parallel.ForAsync(0, devices, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
        {
            var token = await provisioner.IssueClientTokenAsync(actors[i / TokensPerActor], expiry, ct: ct);
            made[i] = new FleetDevice(portal.FrontEndPort, Connect.Client()
                .WithToken(token.Text).With("external_id", $"device-{i}").With("public_key", TestAccount.NewKey()));
        });
        fleet.Devices = made;
        await fleet.KnowAsync(actors);
        fleet._gateway = Connect.Gateway().WithToken((await provisioner.IssueGatewayTokenAsync(site)).Text).With("public_key", TestAccount.NewKey());
        return fleet;
    }

    /// <summary>Connects the gateway, which acknowledges every flow.</summary>
    public Task<FleetGateway> ConnectGatewayAsync() => FleetGateway.ConnectAsync(_portal.FrontEndPort, _gateway);

    /// <summary>Connects all devices. Those that are refused try again, as real ones do.</summary>
    public async Task ConnectAsync()
    {
        var waiting = Devices;
        for (var round = 0; waiting.Length > 0; round++)
        {
            Assert.InRange(round, 0, 20);
            await ConnectAsync(waiting, concurrency: 8);
            waiting = [.. waiting.Where(device => !device.IsConnected)];
        }
    }

    /// <summary>Connects devices, some at a time; a device may be listed more than once.</summary>
    public static async Task<IReadOnlyCollection<string>> ConnectAsync(
        IEnumerable<FleetDevice> devices, int concurrency, Action<int>? connected = null)
    {
        var failures = new ConcurrentBag<string>();
        var done = 0;
        await Parallel.ForEachAsync(devices, new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (device, _) =>
        {
            if (await device.TryConnectAsync() is { } failure)
                failures.Add(failure);
            connected?.Invoke(Interlocked.Increment(ref done));
        });
        return failures;
    }

    /// <summary>Connects all devices, evenly spread over a time.</summary>
    /// <returns>What went wrong, once per device.</returns>
    public async Task<IReadOnlyCollection<string>> ConnectWithinAsync(TimeSpan time)
    {
        var failures = new ConcurrentBag<string>();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Devices.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, ct) =>
        {
            var early = (time * i / Devices.Length) - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
                await Task.Delay(early, TimeProvider.System, ct);
            if (await Devices[i].TryConnectAsync() is { } failure)
                failures.Add(failure);
        });
        return failures;
    }

    /// <summary>All devices lose their network.</summary>
    public async Task VanishAsync()
    {
        foreach (var device in Devices)
            await device.VanishAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await VanishAsync();
        await _database.DisposeAsync();
    }

    // As if each had connected before.
    private async Task KnowAsync(Guid[] actors)
    {
        await using var batch = _database.Write.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            insert into clients (id, account_id, actor_id, external_id, public_key, psk_base, name, last_seen_at)
            select gen_random_uuid(), $1, d.actor, d.id, d.key, sha256(d.id::bytea), d.id, 'epoch' from unnest($2, $3, $4) as d (actor, id, key)
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = Account },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. Enumerable.Range(0, Devices.Length).Select(i => actors[i / TokensPerActor])] },
                new NpgsqlParameter<string[]> { TypedValue = [.. Devices.Select(device => device.ExternalId)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. Devices.Select(device => device.PublicKey)] },
            },
        });
        batch.BatchCommands.Add(new(
            """
            insert into tunnel_addresses (account_id, ipv4, ipv6, client_id)
            select account_id, '100.64.0.0'::inet + row_number() over (), 'fd00:2021:1111::'::inet + row_number() over (), id
            from clients where account_id = $1
            """)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = Account } },
        });
        await batch.ExecuteNonQueryAsync();
    }
}
