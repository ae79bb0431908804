using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;

namespace Firezone.Silos.Commands;

/// <summary>
/// <c>check-socket URL</c>: whether devices can connect there. With a client's token in <c>FIREZONE_TOKEN</c> a socket is opened and closed;
/// without one, it is enough to be refused as unknown: then the way to the front-end lets WebSockets pass, and it decides on tokens.
/// </summary>
internal static class CheckSocketCommand
{
    private const string Verb = "check-socket";
    private const string Device = "helm-test";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Whether the arguments ask for this.</summary>
    public static bool Is(string[] args) => args is [Verb, ..];

    /// <summary>Prints one line that says what came of it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_, var url] || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("ws" or "wss"))
        {
            Console.Error.WriteLine($"usage: {Verb} ws://HOST:PORT or wss://HOST");
            return 2;
        }

        var token = Environment.GetEnvironmentVariable("FIREZONE_TOKEN");
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("User-Agent", "Linux/6 headless-client/1.5.7 (firezone-orleans check-socket)");
        socket.Options.SetRequestHeader("X-Authorization", $"Bearer {(string.IsNullOrWhiteSpace(token) ? "nobody" : token.Trim())}");
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        try
        {
            await socket.ConnectAsync(new Uri(url.TrimEnd('/') + Path(token)), limit.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            Console.WriteLine($"A socket was opened at {url}.");
            return 0;
        }
        catch (WebSocketException) when (socket.HttpStatusCode is HttpStatusCode.Unauthorized && string.IsNullOrWhiteSpace(token))
        {
            Console.WriteLine($"{url} takes sockets: an unknown token was refused with 401.");
            return 0;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            var answer = (int)socket.HttpStatusCode is var code and not 0
                ? $"the answer was {code}"
                : (e.InnerException ?? e).Message.ReplaceLineEndings(" ");
            Console.Error.WriteLine($"No socket at {url}: {answer}");
            return 1;
        }
    }

    private static string Path(string? token) => string.IsNullOrWhiteSpace(token)
        ? "/relay/websocket?ipv4=192.0.2.1"
        : $"/client/websocket?external_id={Device}&name={Device}&public_key={Uri.EscapeDataString(NewKey())}";

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
