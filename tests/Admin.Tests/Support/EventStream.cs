using System.Net;
using System.Text.Json;

namespace Firezone.Admin.Tests.Support;

/// <summary>A reader of server-sent events.</summary>
public sealed class EventStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventStream(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reader = new StreamReader(stream);
    }

    /// <summary>Opens the stream; it has said that it is ready.</summary>
    public static async Task<EventStream> OpenAsync(AdminCaller caller, string query = "")
    {
        var response = await caller.Http.GetAsync(new Uri("/v1/events" + query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var stream = new EventStream(response, await response.Content.ReadAsStreamAsync());
        Assert.Equal("ready", (await stream.NextAsync()).Name);
        return stream;
    }

    /// <summary>The next event that is no heartbeat.</summary>
    public async Task<(string Name, JsonElement Data)> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var name = (await _reader.ReadLineAsync(limit.Token))!["event: ".Length..];
            var data = (await _reader.ReadLineAsync(limit.Token))!["data: ".Length..];
            Assert.Equal("", await _reader.ReadLineAsync(limit.Token));
            if (name != "heartbeat")
                return (name, JsonSerializer.Deserialize<JsonElement>(data));
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
