using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Firezone.Gateway.WebSockets.Tests.Upgrades;

public sealed class OrderOfChecksTests
{
    [Fact]
    public async Task Each_check_hides_the_ones_behind_it()
    {
        var clock = new FakeTimeProvider(Tickets.Now);
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:ConnectRate:Enabled"] = "true" }, clock);

        // Everything is wrong at once; each step repairs what was complained about.
        var connect = Connect.Client()
            .WithHeader("Origin", "https://evil.example")
            .With("vsn", "9")
            .WithHeader("X-Authorization", null)
            .With("public_key", "short")
            .WithHeader("Upgrade", null);
        RefusalTests.AssertProblem(await host.RequestAsync(connect), 403, "forbidden");

        connect = connect.WithHeader("Origin", null);
        RefusalTests.AssertProblem(await host.RequestAsync(connect), 403, "unsupported_vsn");

        // Neither of the two has taken anything from the rate limit, which comes before the token.
        connect = connect.With("vsn", null);
        RefusalTests.AssertProblem(await host.RequestAsync(connect), 401, "missing_token");
        RefusalTests.AssertProblem(await host.RequestAsync(connect), 503, "rate_limit");

        clock.Advance(TimeSpan.FromSeconds(1));
        connect = connect.WithHeader("X-Authorization", "Bearer wrong");
        RefusalTests.AssertProblem(await host.RequestAsync(connect), 401, "invalid_token");

        connect = connect.WithHeader("X-Authorization", $"Bearer {Connect.Token}");
        RefusalTests.AssertProblem(await host.RequestAsync(connect), 422, "invalid_connect_params");

        clock.Advance(TimeSpan.FromSeconds(1));
        connect = connect.With("public_key", Connect.PublicKey);
        RefusalTests.AssertProblem(await host.RequestAsync(connect), 400, "not_websocket");

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(101, (await host.RequestAsync(connect.WithHeader("Upgrade", "websocket"))).Status);
    }
}
