using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Hosting;

public sealed class LogTests
{
    [Fact]
    public async Task No_token_is_ever_logged_however_it_was_sent_and_whatever_became_of_it()
    {
        var logs = new LogCapture();
        var settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Debug" };
        await using (var host = await FrontEndHost.StartAsync(settings, logs: logs))
        {
            var byParameter = Connect.Client().WithHeader("X-Authorization", null).With("token", Connect.Token);
            Assert.Equal(101, (await host.RequestAsync(byParameter)).Status);
            Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
            host.Cluster.Admission.OnClient = _ => throw new InvalidOperationException("database");
            Assert.Equal(503, (await host.RequestAsync(byParameter)).Status);
            Assert.Equal(403, (await host.RequestAsync(byParameter.With("vsn", "9"))).Status);
        }

        Assert.Contains(logs.Lines, line => line.Contains("database"));
        Assert.DoesNotContain(logs.Lines, line => line.Contains(Connect.Token) || line.Contains(Connect.PublicKey[..10]));
    }
}
