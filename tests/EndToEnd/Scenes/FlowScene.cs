using Firezone.EndToEnd.Processes;

namespace Firezone.EndToEnd.Scenes;

/// <summary>
/// A scene in which a flow is under way: Ada's laptop reaches the resource Lab through a gateway, by a policy of the group Own, of which
/// she is a member.
/// </summary>
internal sealed class FlowScene : IAsyncDisposable
{
    public Scene Scene { get; private init; } = null!;

    public Guid Lab { get; private init; }

    public Guid Own { get; private init; }

    public Guid Membership { get; private init; }

    public Guid Policy { get; private init; }

    public SceneClient Client { get; private init; } = null!;

    public SceneGateway Gateway { get; private init; } = null!;

    /// <summary>Opens the scene; what a test needs besides may be made before anybody connects.</summary>
    public static async Task<FlowScene> OpenAsync(
        Portal portal, string address = "10.20.0.0/16", string type = "cidr", string version = "1.5.10", Func<Scene, Task>? before = null,
        string? database = null)
    {
        var scene = await Scene.OpenAsync(portal, database);
        var lab = await scene.ResourceAsync("Lab", address, type);
        var own = await scene.GroupAsync("Own");
        var membership = await scene.MemberAsync(own, scene.AdaId);
        var policy = await scene.PolicyAsync(own, lab);
        if (before is not null)
            await before(scene);
        var gateway = await scene.GatewayAsync(with: version == "1.5.10" ? null : c => c.Version(version));
        var client = await scene.ClientAsync(with: version == "1.5.10" ? null : c => c.Version(version));
        await client.FlowAsync(lab);
        await gateway.ExpectAsync("authorize_flow laptop Lab");
        return new FlowScene
        {
            Scene = scene,
            Lab = lab,
            Own = own,
            Membership = membership,
            Policy = policy,
            Client = client,
            Gateway = gateway,
        };
    }

    /// <summary>Another policy for Lab, by another group of Ada's, so that she keeps access when the first one goes.</summary>
    public async Task<Guid> SecondPolicyAsync(params Storage.Postgres.Accounts.ConditionRow[] conditions) =>
        await Scene.PolicyAsync(await Scene.GroupAsync("Second", Scene.AdaId), Lab, conditions);

    /// <summary>Changes something; the client and the gateway are pushed exactly this. Null stands for nothing.</summary>
    public async Task ChangeAsync(FormattableString sql, string[]? client = null, string[]? gateway = null)
    {
        await Scene.SqlAsync(sql);
        await PushedAsync(client, gateway);
    }

    /// <summary>What has happened up to now has exactly this pushed. Null stands for nothing.</summary>
    public async Task PushedAsync(string[]? client = null, string[]? gateway = null)
    {
        await Client.ReceivesAsync(client ?? []);
        await Gateway.ReceivesAsync(gateway ?? []);
    }

    public ValueTask DisposeAsync() => Scene.DisposeAsync();
}
