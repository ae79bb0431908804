using Firezone.Gateway.WebSockets.Tests.Support;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Shared.Peers;

namespace Firezone.Gateway.WebSockets.Tests.Upgrades;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_right_connect_is_upgraded_without_extensions()
    {
        await using var host = await FrontEndHost.StartAsync();
        var reply = await host.RequestAsync(Connect.Client().WithHeader("Sec-WebSocket-Extensions", "permessage-deflate"));

        Assert.Equal(101, reply.Status);
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", reply.Header("Sec-WebSocket-Accept"));
        Assert.Null(reply.Header("Sec-WebSocket-Extensions"));
    }

    [Fact]
    public async Task A_connect_without_a_token_is_answered_401_missing_token()
    {
        await using var host = await FrontEndHost.StartAsync();
        AssertProblem(await host.RequestAsync(Connect.Client().WithHeader("X-Authorization", null)), 401, "missing_token");
        Assert.Equal(0, host.Cluster.Admission.Count);
    }

    [Theory]
    [InlineData("bearer secret-token")]
    [InlineData("Bearer  secret-token")]
    [InlineData("Bearer")]
    [InlineData("Basic secret-token")]
    [InlineData("secret-token")]
    public async Task A_header_of_another_form_counts_as_none(string header)
    {
        await using var host = await FrontEndHost.StartAsync();
        AssertProblem(await host.RequestAsync(Connect.Client().WithHeader("X-Authorization", header)), 401, "missing_token");

        var withParameter = Connect.Client().WithHeader("X-Authorization", header).With("token", Connect.Token);
        Assert.Equal(101, (await host.RequestAsync(withParameter)).Status);
    }

    [Fact]
    public async Task The_header_wins_over_the_parameter()
    {
        await using var host = await FrontEndHost.StartAsync();
        Assert.Equal(101, (await host.RequestAsync(Connect.Client().With("token", "other"))).Status);
    }

    [Theory]
    [InlineData(Refusal.InvalidToken, 401, "invalid_token")]
    [InlineData(Refusal.LimitsExceeded, 402, "limits_exceeded")]
    [InlineData(Refusal.InvalidConnectParams, 422, "invalid_connect_params")]
    [InlineData(Refusal.InternalError, 500, "internal_error")]
    public async Task A_refused_admission_has_its_status_and_code(Refusal refusal, int status, string code)
    {
        await using var host = await FrontEndHost.StartAsync();
        host.Cluster.Admission.OnClient = _ => Task.FromResult(Admission<ClientTicket>.Refused(refusal, "because"));
        host.Cluster.Admission.OnGateway = _ => Task.FromResult(Admission<GatewayTicket>.Refused(refusal, "because"));
        host.Cluster.Admission.OnRelay = _ => Task.FromResult(Admission<RelayTicket>.Refused(refusal, "because"));

        foreach (var connect in new[] { Connect.Client(), Connect.Gateway(), Connect.Relay() })
        {
            var reply = await host.RequestAsync(connect);
            AssertProblem(reply, status, code);
            Assert.Equal("because", reply.Detail);
            Assert.Null(reply.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task A_refusal_without_detail_never_repeats_the_token()
    {
        await using var host = await FrontEndHost.StartAsync();
        var reply = await host.RequestAsync(Connect.Client().WithHeader("X-Authorization", "Bearer wrong-one"));
        AssertProblem(reply, 401, "invalid_token");
        Assert.DoesNotContain("wrong-one", reply.Body);
    }

    [Fact]
    public async Task An_admission_that_fails_is_answered_503_with_retry_after_and_never_401()
    {
        await using var host = await FrontEndHost.StartAsync();
        host.Cluster.Admission.OnClient = _ => throw new InvalidOperationException("database");

        var reply = await host.RequestAsync(Connect.Client());

        AssertProblem(reply, 503, "unavailable");
        Assert.InRange(int.Parse(reply.Header("Retry-After")!), 1, 5);
        Assert.DoesNotContain("database", reply.Body);
    }

    [Fact]
    public async Task An_admission_that_hangs_is_answered_503()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:AdmissionTimeout"] = "00:00:00.2" });
        host.Cluster.Admission.OnClient = _ => new TaskCompletionSource<Admission<ClientTicket>>().Task;
        AssertProblem(await host.RequestAsync(Connect.Client()), 503, "unavailable");
    }

    [Fact]
    public async Task A_silo_that_stops_during_the_admission_is_not_noticed()
    {
        await using var host = await FrontEndHost.StartAsync();
        var admitted = host.Cluster.Admission.OnClient;
        var failed = false;
        host.Cluster.Admission.OnClient = request =>
        {
            if (failed)
                return admitted(request);
            failed = true;
            throw new Orleans.Runtime.SiloUnavailableException("stopping");
        };

        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("https://api.example.com.evil.example", 403)]
    [InlineData("https://api.example.com", 101)]
    [InlineData("http://API.example.com:8443", 101)]
    public async Task An_origin_must_be_this_host(string origin, int status)
    {
        await using var host = await FrontEndHost.StartAsync();
        var reply = await host.RequestAsync(Connect.Client().WithHeader("Origin", origin));
        Assert.Equal(status, reply.Status);
        if (status == 403)
            AssertProblem(reply, 403, "forbidden");
    }

    [Theory]
    [InlineData("1.0.0", 101)]
    [InlineData("1.0.7", 101)]
    [InlineData("2.0.0", 101)]
    [InlineData("1.1.0", 403)]
    [InlineData("3.0.0", 403)]
    [InlineData("1.0", 403)]
    [InlineData("2.0.0-rc", 403)]
    [InlineData("", 403)]
    public async Task Only_known_serializers_are_served(string vsn, int status)
    {
        await using var host = await FrontEndHost.StartAsync();
        Assert.Equal(status, (await host.RequestAsync(Connect.Client().With("vsn", vsn))).Status);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Anything_but_get_is_answered_400(string method)
    {
        await using var host = await FrontEndHost.StartAsync();
        var connect = Connect.Client() with { Method = method };
        AssertProblem(await host.RequestAsync(connect.AddHeader("Content-Length", "0")), 400, "bad_request");
    }

    [Theory]
    [InlineData("Upgrade", null)]
    [InlineData("Connection", "keep-alive")]
    [InlineData("Sec-WebSocket-Version", "8")]
    [InlineData("Sec-WebSocket-Key", null)]
    public async Task A_request_that_is_no_upgrade_is_answered_400_after_the_token(string header, string? value)
    {
        await using var host = await FrontEndHost.StartAsync();
        AssertProblem(await host.RequestAsync(Connect.Client().WithHeader(header, value)), 400, "not_websocket");
        Assert.Equal(1, host.Cluster.Admission.Count);
    }

    [Fact]
    public async Task Too_many_connects_in_a_second_are_answered_503_with_retry_after_1()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Tickets.Now);
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:ConnectRate:Enabled"] = "true" }, clock);

        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
        var reply = await host.RequestAsync(Connect.Client());
        AssertProblem(reply, 503, "rate_limit");
        Assert.Equal("1", reply.Header("Retry-After"));

        Assert.Equal(101, (await host.RequestAsync(Connect.Gateway().WithHeader("X-Forwarded-For", "198.51.100.1"))).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
    }

    [Fact]
    public async Task A_full_process_refuses_with_503_and_takes_the_next_when_one_has_gone()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:MaxSessions"] = "1" });
        using (var first = await host.OpenAsync(Connect.Client()))
        {
            var reply = await host.RequestAsync(Connect.Client());
            AssertProblem(reply, 503, "overloaded");
            Assert.InRange(int.Parse(reply.Header("Retry-After")!), 1, 5);
            await first.SendCloseAsync(1000);
            await first.ReceiveEndAsync();
        }

        // The place is free when the first socket's end has been handled, which nothing outside can see.
        while ((await host.RequestAsync(Connect.Client())).Status != 101)
        {
        }
    }

    [Fact]
    public async Task Before_the_cluster_answers_connects_are_refused_with_503()
    {
        var cluster = new FakeCluster();
        cluster.Directory.Failure = new InvalidOperationException("no silo");
        await using var host = await FrontEndHost.StartAsync(cluster: cluster, ready: false);
        var reply = await host.RequestAsync(Connect.Client());
        AssertProblem(reply, 503, "starting");
        Assert.InRange(int.Parse(reply.Header("Retry-After")!), 1, 5);
    }

    [Fact]
    public async Task The_sockets_are_served_under_the_base_path_too()
    {
        await using var host = await FrontEndHost.StartAsync(new Dictionary<string, string?> { ["FrontEnd:BasePath"] = "/api/v1" });
        Assert.Equal(101, (await host.RequestAsync(Connect.Client() with { Path = "/api/v1/client/websocket" })).Status);
        Assert.Equal(101, (await host.RequestAsync(Connect.Client())).Status);
        Assert.Equal(404, (await host.RequestAsync(Connect.Client() with { Path = "/v1/client/websocket" })).Status);
    }

    internal static void AssertProblem(HttpReply reply, int status, string code)
    {
        Assert.Equal((status, "application/problem+json", code), (reply.Status, reply.Header("Content-Type"), reply.Code));
        Assert.Contains($"\"status\":{status}", reply.Body);
    }
}
