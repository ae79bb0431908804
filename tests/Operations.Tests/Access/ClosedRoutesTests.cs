using System.Net;
using System.Text.RegularExpressions;
using Firezone.Operations.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Firezone.Operations.Tests.Access;

/// <summary>Nothing on the listener answers who has no credentials.</summary>
public sealed partial class ClosedRoutesTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private readonly OperationsNode _node = fixture.Node;

    [Fact]
    public async Task Without_credentials_every_route_is_401()
    {
        var paths = (await _node.Server.EndpointsAsync()).OfType<RouteEndpoint>()
            .Select(e => Filled(e.RoutePattern.RawText!)).Distinct().ToList();
        Assert.Contains("/", paths);
        Assert.Contains("/events", paths);
        Assert.Contains("/overview.js", paths);
        Assert.Contains("/dashboard/index.min.js", paths);
        Assert.Contains("/dashboard/ClusterStats", paths);
        Assert.True(paths.Count > 25, string.Join(' ', paths));
        foreach (var path in paths)
            await RefusedAsync(path);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/dashboard")]
    [InlineData("/dashboard/")]
    [InlineData("/dashboard/index.html")]
    [InlineData("/dashboard/index.css")]
    [InlineData("/dashboard/favicon.ico")]
    [InlineData("/dashboard/fonts/fa-solid-900.woff2")]
    [InlineData("/dashboard/img/OrleansLogo.png")]
    [InlineData("/dashboard/nothing")]
    [InlineData("/dashboard/Trace")]
    [InlineData("/dashboard/GrainState?grainId=0&grainType=x")]
    [InlineData("/DASHBOARD/version")]
    [InlineData("//dashboard/version")]
    [InlineData("/dashboard/../overview.css")]
    [InlineData("/%64ashboard/version")]
    [InlineData("/signin")]
    [InlineData("/signin-oidc?code=x&state=y")]
    [InlineData("/signout")]
    [InlineData("/metrics")]
    [InlineData("/healthz")]
    public Task Without_credentials_this_is_401(string path) => RefusedAsync(path);

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("HEAD")]
    [InlineData("TRACE")]
    public async Task Without_credentials_every_method_is_401(string method)
    {
        using var response = await _node.SendAsync("/", method: new HttpMethod(method));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task The_devices_listener_has_none_of_these_routes()
    {
        using var http = new HttpClient();
        foreach (var path in (string[])["/overview.css", "/dashboard/version", "/events"])
        {
            using var response = await http.GetAsync($"http://127.0.0.1:{_node.Port}{path}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    private async Task RefusedAsync(string path)
    {
        using var response = await _node.SendAsync(path);
        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{path} {response.StatusCode}");
        Assert.Equal("Basic realm=\"Firezone operations\", charset=\"UTF-8\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline' 'self'; script", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("An operator token is needed.", await response.Content.ReadAsStringAsync());
    }

    private static string Filled(string pattern)
    {
        var path = Parameter().Replace(pattern, "1");
        return path.StartsWith('/') ? path : $"/{path}";
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
