using System.Buffers;
using System.Text;
using Firezone.Gateway.WebSockets.Upgrades;

namespace Firezone.Gateway.WebSockets.Tests.Upgrades;

public sealed class RequestHeadTests
{
    private const string Needed =
        "Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    [Fact]
    public void A_handshake_that_came_in_one_piece_is_read_up_to_the_limits_and_no_further()
    {
        Assert.NotNull(Read(QueryOf(RequestHead.MaxLineSize), HeadersOf(RequestHead.MaxHeadersSize)));
        Assert.Null(Read(QueryOf(RequestHead.MaxLineSize + 1), Needed));
        Assert.Null(Read("", HeadersOf(RequestHead.MaxHeadersSize + 1)));
        Assert.NotNull(Read("", Needed + Repeat("X: y\r\n", RequestHead.MaxHeaders - 5)));
        Assert.Null(Read("", Needed + Repeat("X: y\r\n", RequestHead.MaxHeaders - 4)));
    }

    private static string QueryOf(int line) => "?" + new string('q', line - "GET /client/websocket? HTTP/1.1\r\n".Length);

    private static string HeadersOf(int size) => $"{Needed}X: {new string('y', size - Needed.Length - "X: \r\n\r\n".Length)}\r\n";

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static RequestHead? Read(string query, string headers) => RequestHead.TryRead(
        new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes($"GET /client/websocket{query} HTTP/1.1\r\n{headers}\r\n")), out _);
}
