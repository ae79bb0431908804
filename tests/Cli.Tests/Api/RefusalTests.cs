using Firezone.Cli.Tests.Contract;
using Firezone.Cli.Tests.Running;
using Microsoft.AspNetCore.Http;

namespace Firezone.Cli.Tests.Api;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_refusal_names_the_fields_and_ends_with_1()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Refusals.Enqueue(ContractProblem.Invalid("dns.addresses[0]", "must not have a port"));
        var error = (await portal.RunAsync("sites create x")).Bad(ExitCode.Refused).Error;
        Assert.Equal("firezone: 400 validation_failed: The request is not valid\n  dns.addresses[0]: must not have a port\n", error);
    }

    [Fact]
    public async Task A_refusal_that_blames_no_field_shows_its_detail()
    {
        using var portal = await Portal.StartAsync();
        var missing = (await portal.RunAsync("sites show 00000000-0000-0000-0000-000000000009")).Bad(ExitCode.Refused);
        Assert.Equal("firezone: 404 not_found: There is no such thing\n", missing.Error);
        Assert.Equal("", missing.Out);
    }

    [Fact]
    public async Task A_token_that_is_no_good_is_named_by_its_place_and_not_shown()
    {
        using var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_API_TOKEN"] = ".anobodys-secret";
        var outcome = (await portal.RunAsync("sites list")).Bad(ExitCode.Refused);
        Assert.Contains("FIREZONE_API_TOKEN", outcome.Error);
        Assert.Contains("firezone login", outcome.Error);
        Assert.DoesNotContain("secret", outcome.Error + outcome.Out);
    }

    [Fact]
    public async Task A_role_that_does_not_suffice_is_said()
    {
        using var portal = await Portal.StartAsync();
        portal.Environment["FIREZONE_API_TOKEN"] = ContractWorld.ReaderToken;
        Assert.Contains("role", (await portal.RunAsync("sites create x")).Bad(ExitCode.Refused).Error);
    }

    [Fact]
    public async Task A_fault_of_the_server_comes_with_its_trace()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Refusals.Enqueue(new ContractProblem(500, "internal_error", "Something went wrong"));
        Assert.Contains("00-0123456789abcdef-01", (await portal.RunAsync("sites list")).Bad(ExitCode.Refused).Error);
    }

    [Fact]
    public async Task Nobody_at_the_address_ends_with_3()
    {
        using var portal = await Portal.StartAsync();
        using var taken = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)); // bound, but nobody listens
        portal.Environment["FIREZONE_API_URL"] = $"http://127.0.0.1:{((System.Net.IPEndPoint)taken.LocalEndPoint!).Port}";
        var error = (await portal.RunAsync("sites create x")).Bad(ExitCode.Unreachable).Error;
        Assert.Contains("cannot be reached", error);
        Assert.DoesNotContain("--idempotency-key", error);
    }

    [Fact]
    public async Task A_connection_that_breaks_tells_how_to_repeat_safely()
    {
        using var portal = await Portal.StartAsync();
        portal.World.Intercept = (context, _) =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        var error = (await portal.RunAsync("sites create x --idempotency-key again-1")).Bad(ExitCode.Unreachable).Error;
        Assert.Contains("--idempotency-key again-1", error);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>")]
    [InlineData(200, "application/json", "[1,2]")]
    [InlineData(200, "application/json", """{"data":3}""")]
    [InlineData(502, "text/html", "<html>bad gateway")]
    public async Task Something_else_at_the_address_is_recognised(int status, string type, string body)
    {
        using var portal = await Portal.StartAsync();
        portal.World.Intercept = async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
            return true;
        };
        Assert.Contains("address", (await portal.RunAsync("sites list")).Bad(ExitCode.Unreachable).Error);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        using var portal = await Portal.StartAsync();
        using var other = await Portal.StartAsync();
        portal.World.Intercept = (context, path) =>
        {
            context.Response.Redirect(other.Url + path);
            return Task.FromResult(true);
        };
        (await portal.RunAsync("sites list")).Bad(ExitCode.Refused);
        Assert.Empty(other.World.Calls);
    }
}
