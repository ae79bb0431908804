using System.Net;
using Firezone.Operations.Tests.Support;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.Operations.Tests.Access;

/// <summary>What becomes of those who try, and of operators meanwhile.</summary>
public sealed class GuessingTests
{
    [Fact]
    public async Task Guessing_is_stopped_and_keeps_no_operator_out_who_was_in()
    {
        await using var node = await OperationsNode.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, node.Token));
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(node, DeviceToken.Issue(TokenKind.Admin).Text));

        using (var response = await node.SendAsync("/icon.svg", DeviceToken.Issue(TokenKind.Admin).Text))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.Equal(TimeSpan.FromMinutes(1), response.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, node.Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(node, null));
    }

    private static async Task<HttpStatusCode> StatusAsync(OperationsNode node, string? token)
    {
        using var response = await node.SendAsync("/icon.svg", token);
        return response.StatusCode;
    }
}
