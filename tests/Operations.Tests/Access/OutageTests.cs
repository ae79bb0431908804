using System.Net;
using Firezone.Operations.Tests.Support;
using Firezone.Shared;
using Npgsql;

namespace Firezone.Operations.Tests.Access;

/// <summary>The pages while the database is away.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Who_was_in_stays_in_and_sees_what_is_wrong_and_nobody_else_is_let_in()
    {
        var server = new NpgsqlConnectionStringBuilder(await (await PostgresServer.GetAsync()).CreateDatabaseAsync("operations"));
        await using var proxy = new FaultProxy(server.Port);
        server.Port = proxy.Port;
        server.Host = "127.0.0.1";
        await using var node = await OperationsNode.StartAsync(server.ConnectionString);
        var second = await node.Provisioner.IssueOperatorTokenAsync("second");
        Assert.Contains("<dt>Database</dt><dd>answers</dd>", await PageAsync(node, node.Token), StringComparison.Ordinal);

        proxy.Refuse = true;
        proxy.CutAll();
        string html;
        do
            html = await PageAsync(node, node.Token);
        while (!html.Contains("The database does not answer.", StringComparison.Ordinal));
        Assert.Contains("<dt>Silos active</dt><dd>1</dd>", html, StringComparison.Ordinal);
        using (var stranger = await node.SendAsync("/", second.Text))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, stranger.StatusCode);
        using (var nobody = await node.SendAsync("/"))
            Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);

        proxy.Refuse = false;
        do
            html = await PageAsync(node, second.Text, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
        while (!html.Contains("<dt>Database</dt><dd>answers</dd>", StringComparison.Ordinal));
    }

    private static async Task<string> PageAsync(OperationsNode node, string token, params HttpStatusCode[] good)
    {
        using var response = await node.SendAsync("/", token);
        Assert.Contains(response.StatusCode, good is [] ? [HttpStatusCode.OK] : good);
        return await response.Content.ReadAsStringAsync();
    }
}
