using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Firezone.Storage.Postgres.Tokens;

namespace Firezone.Admin.Tests.Support;

/// <summary>A user of the API with a token.</summary>
public sealed record AdminCaller(HttpClient Http, Guid AccountId, Guid ActorId, IssuedToken Token)
{
    /// <summary>Sends a request; the body is JSON text or an object.</summary>
    public async Task<AdminReply> SendAsync(HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body, body.GetType());
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await Http.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new AdminReply(
            response.StatusCode, isJson ? JsonSerializer.Deserialize<JsonElement>(content) : default, response.Headers);
    }

    public Task<AdminReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<AdminReply> PostAsync(string path, object? body = null, string? key = null) => SendAsync(HttpMethod.Post, path, body, key);

    public Task<AdminReply> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<AdminReply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Creates something and returns it.</summary>
    public async Task<JsonElement> CreateAsync(string path, object? body = null)
    {
        var reply = await PostAsync(path, body);
        Assert.True(reply.Status == HttpStatusCode.Created, reply.ToString());
        return reply.Body;
    }
}
