using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Firezone.Bench.Benchmarking;

/// <summary>A change that every client of the load account is told: a resource gets another name.</summary>
internal sealed class ResourceRename : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string _address;
    private int _number;

    public ResourceRename(Uri admin, string token, string resource)
    {
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _address = new Uri(admin, $"/v1/resources/{resource}").AbsoluteUri;
    }

    public async Task MakeAsync()
    {
        using var answer = await _http.PatchAsJsonAsync(_address, new { name = $"net with name {++_number}" });
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
