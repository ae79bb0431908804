using System.Text.Json;
using System.Text.Json.Nodes;
using Firezone.EndToEnd.Peers;
using Firezone.EndToEnd.Processes;
using Firezone.Shared.Peers;
using Firezone.Storage.Postgres;
using Firezone.Storage.Postgres.Accounts;
using Firezone.Storage.Postgres.Provisioning;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.EndToEnd.Scenes;

/// <summary>
/// An account of its own in a portal's database, with people, sites, resources and connected devices. What a test makes here has a label
/// by which it appears in the texts of pushes; what a test changes, it changes by plain SQL.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly Portal _portal;
    private readonly Database _database;
    private readonly Provisioner _provisioner;
    private readonly Dictionary<string, string> _labels = [];
    private readonly List<ScenePeer> _peers = [];
    private readonly HashSet<string> _markers = [];
    private Guid? _marked;
    private int _port;

    private Scene(Portal portal, string? database)
    {
        _portal = portal;
        _database = new Database(database ?? portal.ConnectionString);
        _provisioner = new Provisioner(_database);
    }

    public Guid Account { get; private set; }

    /// <summary>The managed group of all users.</summary>
    public Guid Everyone { get; private set; }

    /// <summary>The site of resources and gateways unless another one is asked for; called Frankfurt.</summary>
    public Guid Site { get; private set; }

    /// <summary>A user, Ada, whose token lasts for a day.</summary>
    public IssuedToken Ada { get; private set; } = null!;

    /// <summary>The actor of <see cref="Ada"/>.</summary>
    public Guid AdaId { get; private set; }

    /// <summary>When <see cref="Ada"/> expires, in whole seconds.</summary>
    public DateTimeOffset AdaExpiresAt { get; private set; }

    /// <summary>The clients that were connected, in their order.</summary>
    public IEnumerable<SceneClient> Clients => _peers.OfType<SceneClient>();

    /// <summary>An account with its group Everyone, one site and one user; nobody is connected.</summary>
    /// <param name="portal">Where devices connect.</param>
    /// <param name="database">How the test reaches the portal's database, if not as the portal does.</param>
    public static async Task<Scene> OpenAsync(Portal portal, string? database = null)
    {
        var scene = new Scene(portal, database);
        scene.Account = await scene._provisioner.CreateAccountAsync($"s{Guid.NewGuid():N}"[..16], "Scene");
        scene.Everyone = await scene._provisioner.EnsureEveryoneAsync(scene.Account);
        scene.Site = await scene.SiteAsync("Frankfurt");
        scene.AdaId = await scene.ActorAsync("Ada");
        scene.AdaExpiresAt = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 86_400);
        scene.Ada = await scene.TokenAsync(scene.AdaId, scene.AdaExpiresAt);
        return scene;
    }

    public Task<Guid> ActorAsync(string label, string type = "account_user") =>
        _provisioner.CreateActorAsync(Account, type, label, type == "service_account" ? null : $"{label}@example.com");

    public async Task<Guid> GroupAsync(string label, params Guid[] members)
    {
        var group = await _provisioner.CreateGroupAsync(Account, label);
        foreach (var member in members)
            await MemberAsync(group, member);
        return group;
    }

    public Task<Guid> MemberAsync(Guid group, Guid actor) => _provisioner.AddMemberAsync(group, actor);

    public async Task<Guid> SiteAsync(string label) => Label(await _provisioner.CreateSiteAsync(Account, label), label);

    /// <summary>A resource that nobody may reach yet.</summary>
    public async Task<Guid> ResourceAsync(
        string label, string address = "10.20.0.0/16", string type = "cidr", Guid? site = null, FilterRow[]? filters = null, bool nowhere = false) =>
        Label(
            await _provisioner.CreateResourceAsync(
                Account, nowhere ? null : site ?? Site, type, label, type == "internet" ? null : address, filters),
            label);

    /// <summary>A resource that every user may reach.</summary>
    public async Task<Guid> OpenResourceAsync(string label, string address = "10.20.0.0/16", string type = "cidr", Guid? site = null)
    {
        var resource = await ResourceAsync(label, address, type, site);
        await PolicyAsync(Everyone, resource);
        return resource;
    }

    public Task<Guid> PolicyAsync(Guid group, Guid resource, params ConditionRow[] conditions) =>
        _provisioner.CreatePolicyAsync(group, resource, conditions);

    public Task<IssuedToken> TokenAsync(Guid actor, DateTimeOffset? expiresAt = null, Guid? provider = null) =>
        _provisioner.IssueClientTokenAsync(actor, expiresAt ?? AdaExpiresAt, authProviderId: provider);

    public Task<IssuedToken> GatewayTokenAsync(Guid? site = null) => _provisioner.IssueGatewayTokenAsync(site ?? Site);

    public Task<IssuedToken> RelayTokenAsync() => _provisioner.IssueRelayTokenAsync();

    /// <summary>Connects and joins a client of Ada, or of whom the token belongs to.</summary>
    public async Task<SceneClient> ClientAsync(string label = "laptop", IssuedToken? token = null, Func<Connect, Connect>? with = null)
    {
        var connect = Of(Connect.Client().Agent(Devices.CurrentClient), label, token ?? Ada, with);
        var socket = await V1Peer.ConnectAsync(_portal.FrontEndPort, "client", connect);
        var init = await socket.JoinAsync();
        // The token tells the actor: a device of two people is two clients.
        var id = await ScalarAsync<Guid>(
            $"""
            select c.id from clients c join client_tokens t using (account_id, actor_id)
            where t.id = {(token ?? Ada).Id} and c.external_id = {label}
            """);
        Label(id, label);
        return Keep(new SceneClient(this, socket, connect, id, init));
    }

    /// <summary>Connects and joins a gateway of a site.</summary>
    public async Task<SceneGateway> GatewayAsync(
        string label = "gateway", Guid? site = null, IssuedToken? token = null, bool answers = true, Func<Connect, Connect>? with = null)
    {
        token ??= await GatewayTokenAsync(site);
        var connect = Of(Connect.Gateway(), label, token, with);
        var socket = await V1Peer.ConnectAsync(_portal.FrontEndPort, "gateway", connect);
        var init = await socket.JoinAsync();
        var id = Label(await ScalarAsync<Guid>($"select id from gateways where account_id = {Account} and external_id = {label}"), label);
        return Keep(new SceneGateway(this, socket, connect, id, init, answers));
    }

    /// <summary>The status with which a connect is answered.</summary>
    public async Task<int> StatusAsync(Connect connect) => (await AnswerAsync(connect)).Status;

    /// <summary>What a connect is answered.</summary>
    public async Task<HttpReply> AnswerAsync(Connect connect)
    {
        using var peer = await RawPeer.ConnectAsync(new(System.Net.IPAddress.Loopback, _portal.FrontEndPort));
        return await peer.RequestAsync(connect.PathAndQuery, connect.Headers);
    }

    /// <summary>Runs SQL as an administrator would by hand; the holes of the text become parameters.</summary>
    public async Task SqlAsync(FormattableString sql)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T> ScalarAsync<T>(FormattableString sql)
    {
        await using var command = Command(sql);
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"No row: {sql}"));
    }

    /// <summary>Waits until a statement yields true: what it waits for happens in the database by itself.</summary>
    public async Task WhenAsync(FormattableString sql)
    {
        using var limit = new CancellationTokenSource(RawPeer.Patience);
        while (!await ScalarAsync<bool>(sql))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }

    /// <summary>The resource with a label.</summary>
    public Task<Guid> IdAsync(string label) => ScalarAsync<Guid>($"select id from resources where account_id = {Account} and name = {label}");

    /// <summary>Changes the account's configuration; every client of the account is told. The search domain to look for.</summary>
    internal async Task<string> MarkClientsAsync()
    {
        var domain = $"{Guid.NewGuid():N}.example";
        _markers.Add(domain);
        await SqlAsync($"update accounts set config = config || jsonb_build_object('search_domain', {domain}::text) where id = {Account}");
        return domain;
    }

    internal bool IsMarker(string searchDomain) => _markers.Contains(searchDomain);

    /// <summary>Changes the filters of a resource that nobody may reach; every gateway of the account is told. The port to look for.</summary>
    internal async Task<int> MarkGatewaysAsync()
    {
        _marked ??= await ResourceAsync("Marker", "198.51.100.0/24");
        var port = ++_port;
        var filters = $$"""[{"protocol":"tcp","ports":["{{port}}"]}]""";
        await SqlAsync($"update resources set filters = {filters}::jsonb where id = {_marked}");
        return port;
    }

    /// <summary>The label of an id in a payload.</summary>
    internal string LabelOf(JsonNode? id)
    {
        var text = id?.GetValueKind() == JsonValueKind.String ? id.GetValue<string>() : "?";
        return _labels.GetValueOrDefault(text, text);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
            await peer.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static Connect Of(Connect role, string label, IssuedToken token, Func<Connect, Connect>? with)
    {
        var connect = role.WithToken(token.Text).With("external_id", label).With("public_key", TestAccount.NewKey());
        return with is null ? connect : with(connect);
    }

    private Guid Label(Guid id, string label)
    {
        _labels[id.ToString()] = label;
        return id;
    }

    private T Keep<T>(T peer)
        where T : ScenePeer
    {
        _peers.Add(peer);
        return peer;
    }

    private Npgsql.NpgsqlCommand Command(FormattableString sql)
    {
        var places = Enumerable.Range(1, sql.ArgumentCount).Select(object (i) => $"${i}").ToArray();
        var command = _database.Write.CreateCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql.Format, places));
        foreach (var value in sql.GetArguments())
            command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
